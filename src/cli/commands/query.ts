import { athenaWith } from '../aws/athena';
import { athenaClient } from '../aws/clients';
import { runQuery } from '../query/athena';
import { writeResult } from '../query/query';
import { openStage, type StageOptions } from '../stage';
import { type Terminal } from '../terminal';

/** `lakehouse query` */
export async function query(
  sql: string,
  { stage, json }: StageOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const stack = await openStage(stage);
  const athena = athenaWith(await athenaClient(), stack);
  await writeResult(terminal, await runQuery(athena, sql, signal), json ?? false);
}
