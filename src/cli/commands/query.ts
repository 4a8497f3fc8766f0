import { LOCAL_STAGE } from '../../../local/stage';
import { recordedToolchain } from '../../../local/setup/toolchain';
import { tables } from '../../contract/contracts';
import { readCommits } from '../../delta/commits';
import { s3Objects } from '../../objects/s3Objects';
import { athenaWith } from '../aws/athena';
import { athenaClient, s3Client } from '../aws/clients';
import { namedQueriesWith } from '../aws/namedQueries';
import { travelWith } from '../local/timeTravel';
import { parseAsOf, queryAsOf, requireTimeTravel } from '../query/asOf';
import { runQuery } from '../query/athena';
import { sqlOf } from '../query/named';
import { writeResult } from '../query/query';
import { openStage, PROJECT, type StageOptions } from '../stage';
import { type Terminal } from '../terminal';

/** What `lakehouse query` takes besides SQL. */
export interface QueryOptions extends StageOptions {
  readonly named?: string;
  readonly asOf?: string;
}

/** `lakehouse query` */
export async function query(
  sql: string | undefined,
  { stage, json, named, asOf }: QueryOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const moment = asOf === undefined ? undefined : parseAsOf(asOf);
  if (moment !== undefined) requireTimeTravel(stage, LOCAL_STAGE);
  const stack = await openStage(stage);
  const client = await athenaClient();
  const asked = await sqlOf({ sql, named }, () => namedQueriesWith(client, stack));
  if (moment === undefined) {
    await writeResult(terminal, await runQuery(athenaWith(client, stack), asked, signal), json ?? false);
    return;
  }
  const objects = s3Objects(await s3Client());
  const result = await queryAsOf(asked, moment, {
    warehouse: stack.WarehouseBucket,
    tables: tables.map(({ name }) => name),
    commits: (table) => readCommits(objects, stack.WarehouseBucket, table),
    travel: travelWith(PROJECT, recordedToolchain(PROJECT), process.env['AWS_ENDPOINT_URL'] ?? '', signal),
  });
  terminal.note('answered by DuckDB on earlier versions of the tables: Athena reads the newest only');
  await writeResult(terminal, result, json ?? false);
}
