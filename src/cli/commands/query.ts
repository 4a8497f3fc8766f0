import { athenaWith } from '../aws/athena';
import { athenaClient } from '../aws/clients';
import { namedQueriesWith } from '../aws/namedQueries';
import { runQuery } from '../query/athena';
import { sqlOf } from '../query/named';
import { writeResult } from '../query/query';
import { openStage, type StageOptions } from '../stage';
import { type Terminal } from '../terminal';

/** What `lakehouse query` takes besides SQL. */
export interface QueryOptions extends StageOptions {
  readonly named?: string;
}

/** `lakehouse query` */
export async function query(
  sql: string | undefined,
  { stage, json, named }: QueryOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const stack = await openStage(stage);
  const client = await athenaClient();
  const asked = await sqlOf({ sql, named }, () => namedQueriesWith(client, stack));
  await writeResult(terminal, await runQuery(athenaWith(client, stack), asked, signal), json ?? false);
}
