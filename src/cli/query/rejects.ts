import rejectsSchema from '../../../schemas/outputs/rejects.schema.json';
import { type RejectedLine } from '../../../generated/types/outputs/rejects';
import { checker } from '../../schema/validator';
import { CommandFailed, UsageError } from '../errors';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';
import { type Athena, runQuery } from './athena';

const check = checker<RejectedLine>(rejectsSchema.items);

/** The query behind `rejects`; its columns are those of schemas/tables/system-columns.json. */
export function rejectsSql(dataset: string): string {
  return (
    'SELECT file, json_format(CAST(reasons AS JSON)) AS reasons, raw ' +
    `FROM "${dataset}_rejects" ORDER BY batch, file, line`
  );
}

/** @throws UsageError when there is no such dataset. */
export function requireDataset(dataset: string, datasets: readonly string[]): void {
  if (datasets.includes(dataset)) return;
  throw new UsageError(`There is no dataset ${dataset}: it is one of ${datasets.join(', ')}`);
}

/** Shows every line of the dataset that was rejected, with its reasons. */
export async function rejects(
  dataset: string,
  athena: Athena,
  terminal: Terminal,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { rows } = await runQuery(athena, rejectsSql(dataset), signal);
  const lines: RejectedLine[] = [];
  for await (const [file = null, reasons = null, raw = null] of rows) {
    lines.push(rejectedLine({ file, reasons: parse(reasons), raw }));
  }
  if (json) await writeJson(terminal, lines);
  else {
    const cells = lines.map((line) => [
      line.file,
      line.reasons.map(({ rule, column }) => (column === null ? rule : `${rule}(${column})`)).join(' '),
      line.raw,
    ]);
    await terminal.write(renderTable(['file', 'reasons', 'raw'], cells));
    terminal.note(`${lines.length} rejected lines; --json shows the message of each reason`);
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    // told by the schema below, together with everything else
    return text;
  }
}

function rejectedLine(line: unknown): RejectedLine {
  const checked = check(line);
  if (checked.ok) return checked.value;
  throw new CommandFailed(
    `A row of the rejects table has another shape than this version writes: ${checked.problems.join('; ')}`,
  );
}
