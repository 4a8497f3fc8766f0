import { type TableState } from '../../../generated/types/outputs/ingest';
import { CommandFailed } from '../errors';
import { type Athena, runQuery } from './athena';

/** Rows of a table, counted by Athena. */
async function countRows(athena: Athena, table: string, signal: AbortSignal): Promise<number> {
  const { rows } = await runQuery(athena, `SELECT count(*) FROM "${table}"`, signal);
  for await (const [count] of rows) return Number(count);
  throw new CommandFailed(`Athena gave no row for the count of ${table}`);
}

/** A sentence for every table that Athena counts otherwise than the batch log says. */
export async function differingCounts(
  athena: Athena,
  tables: readonly TableState[],
  signal: AbortSignal,
): Promise<string[]> {
  const sentences: string[] = [];
  for (const { name, rows } of tables) {
    const counted = await countRows(athena, name, signal);
    if (counted !== rows)
      sentences.push(`${name}: Athena counts ${counted} rows, the batch log says ${rows}`);
  }
  return sentences;
}
