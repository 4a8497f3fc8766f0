import { recordedToolchain } from '../../../local/setup/toolchain';
import { LOCAL_STAGE } from '../../../local/stage';
import { tables } from '../../contract/contracts';
import { readCommits } from '../../delta/commits';
import { s3Objects } from '../../objects/s3Objects';
import { s3Client } from '../aws/clients';
import { diff, parseLimit } from '../diff/diff';
import { renderDiff, withheld } from '../diff/render';
import { travelWith } from '../local/timeTravel';
import { parseAsOf, requireTimeTravel } from '../query/asOf';
import { openStage, PROJECT, type StageOptions } from '../stage';
import { requireTable } from '../status/history';
import { type Terminal, writeJson } from '../terminal';

/** What `lakehouse diff` takes besides the table. */
export interface DiffOptions extends StageOptions {
  readonly from: string;
  readonly to?: string;
  readonly limit: string;
}

/** `lakehouse diff` */
export async function showDiff(
  name: string,
  options: DiffOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { stage, json } = options;
  const table = requireTable(name, tables);
  const from = parseAsOf(options.from, '--from');
  const to = options.to === undefined ? undefined : parseAsOf(options.to, '--to');
  const limit = parseLimit(options.limit);
  requireTimeTravel(stage, LOCAL_STAGE, 'diff');
  const stack = await openStage(stage);
  const objects = s3Objects(await s3Client());
  const output = await diff(
    { table, from, to, limit },
    {
      warehouse: stack.WarehouseBucket,
      commits: (asked) => readCommits(objects, stack.WarehouseBucket, asked),
      travel: travelWith(PROJECT, recordedToolchain(PROJECT), process.env['AWS_ENDPOINT_URL'] ?? '', signal),
    },
  );
  terminal.note('answered by DuckDB on both versions of the table: Athena reads the newest only');
  await (json ? writeJson(terminal, output) : terminal.write(renderDiff(output)));
  for (const sentence of withheld(output)) terminal.note(sentence);
}
