import pMap from 'p-map';
import { type TableCommit } from '../../../generated/types/outputs/statusTable';
import { CommandFailed, UsageError } from '../errors';
import { type QueryResult, type ResultRow } from './athena';

/** The state of the tables that a query asks for. */
export type AsOf = { readonly version: number } | { readonly at: Date };

/** A query on chosen versions; null: the table has none that was asked for. */
export interface TravelRequest {
  readonly sql: string;
  /** The query may read one table only, for a version number says nothing about another one. */
  readonly single: boolean;
  readonly tables: Readonly<Record<string, { readonly location: string; readonly version: number | null }>>;
}

/** What a query on earlier versions gave, or why it could not. */
export type TravelAnswer =
  | {
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly ResultRow[];
    }
  | { readonly failed: string };

export interface AsOfPorts {
  readonly warehouse: string;
  readonly tables: readonly string[];
  /** The commits of a table, newest first. */
  readonly commits: (table: string) => Promise<readonly TableCommit[]>;
  readonly travel: (request: TravelRequest) => Promise<TravelAnswer>;
}

const VERSION = /^\d+$/u;
/** A date, or a timestamp whose zone may be left out: it is UTC. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?)?$/u;
const CONCURRENCY = 4;

/** @throws UsageError when what was given for the option is neither a version nor a moment. */
export function parseAsOf(text: string, option = '--as-of'): AsOf {
  if (VERSION.test(text) && Number.isSafeInteger(Number(text))) return { version: Number(text) };
  const iso = text.includes(':') && !text.endsWith('Z') ? `${text}Z` : text;
  const at = new Date(iso.replace(' ', 'T'));
  if (MOMENT.test(text) && !Number.isNaN(at.getTime())) return { at };
  throw new UsageError(
    `${option} ${text} is neither a version nor a moment: use 3, 2025-05-01 or 2025-05-01T08:00:00Z`,
  );
}

/** @throws CommandFailed on a stage where nothing reads the earlier versions that `what` needs. */
export function requireTimeTravel(stage: string, local: string, what = '--as-of'): void {
  if (stage === local) return;
  throw new CommandFailed(
    `Athena reads only the newest version of a Delta table, so ${what} works on stage ${local} only. On stage ${stage} read it with ` +
      "Spark, in a Glue notebook with the job's role: spark.read.format('delta').option('versionAsOf', N).load('s3://BUCKET/TABLE'); " +
      `npx lakehouse status TABLE --stage ${stage} lists the versions`,
  );
}

/** The commit of a table that is asked for: of that number, or the last one until the moment. */
export function commitAsOf(asOf: AsOf, commits: readonly TableCommit[]): TableCommit | undefined {
  return commits
    .filter(({ version, timestamp }) =>
      'version' in asOf
        ? version === asOf.version
        : timestamp !== null && Date.parse(timestamp) <= asOf.at.getTime(),
    )
    .reduce<TableCommit | undefined>(
      (last, commit) => (last === undefined || commit.version > last.version ? commit : last),
      undefined,
    );
}

/**
 * Runs a query on the tables as they were. A moment takes of every table the last commit until then.
 *
 * @throws CommandFailed with the reason when the query cannot run.
 */
export async function queryAsOf(
  sql: string,
  asOf: AsOf,
  { warehouse, tables, commits, travel }: AsOfPorts,
): Promise<QueryResult> {
  const removals: string[] = [];
  const versions = await pMap(
    tables,
    async (table) => {
      const known = await commits(table);
      const version = commitAsOf(asOf, known)?.version ?? null;
      removals.push(...removalAfter(table, version, known));
      return [table, { location: `s3://${warehouse}/${table}`, version }] as const;
    },
    { concurrency: CONCURRENCY },
  );
  const answer = await travel({ sql, single: 'version' in asOf, tables: Object.fromEntries(versions) });
  if ('failed' in answer)
    throw new CommandFailed([`The query failed: ${answer.failed}`, ...removals.sort()].join('. '));
  return { columns: answer.columns, rows: eachOf(answer.rows) };
}

/** Why files of the version may be gone: VACUUM by an erasure takes all older versions, by maintenance those beyond undoDays. */
function removalAfter(table: string, version: number | null, commits: readonly TableCommit[]): string[] {
  const removal = commits.find(
    (commit) => commit.operation === 'VACUUM END' && commit.version > (version ?? Infinity),
  );
  if (removal === undefined) return [];
  const by = removal.batch === null ? '' : ` by entry ${removal.batch} of the log`;
  return [
    `Files of ${table} that only older versions had were removed${by} (version ${removal.version}): an erasure removes all of them, ` +
      'maintenance those beyond undoDays',
  ];
}

async function* eachOf(rows: readonly ResultRow[]): AsyncGenerator<ResultRow> {
  await Promise.resolve();
  yield* rows;
}
