import { type DiffOutput } from '../../../generated/types/outputs/diff';
import { type TableCommit } from '../../../generated/types/outputs/statusTable';
import { columnRoles } from '../../contract/columnRoles';
import { type Table } from '../../contract/contracts';
import { CommandFailed, UsageError } from '../errors';
import { type AsOf, type AsOfPorts, commitAsOf, type TravelAnswer } from '../query/asOf';
import { requireCommits } from '../status/history';
import { foldCounts, foldRows } from './fold';
import { AFTER, BEFORE, columnsSql, countsSql, rowsSql } from './sql';

/** What to compare, and how many rows of each kind to show. */
export interface DiffRequest {
  readonly table: Table;
  readonly from: AsOf;
  /** Undefined: the newest version. */
  readonly to: AsOf | undefined;
  readonly limit: number;
}

export type DiffPorts = Omit<AsOfPorts, 'tables'>;

/**
 * What differs between two versions of a table.
 *
 * @throws CommandFailed when the table has no such version or its versions cannot be read.
 * @throws UsageError when the versions are given the wrong way round.
 */
export async function diff({ table, from, to, limit }: DiffRequest, ports: DiffPorts): Promise<DiffOutput> {
  const commits = requireCommits(table.name, await ports.commits(table.name));
  const before = requireCommit(table.name, from, commits);
  const after = to === undefined ? newest(commits) : requireCommit(table.name, to, commits);
  if (before.version > after.version) {
    throw new UsageError(
      `--from is version ${before.version} of ${table.name} and --to is version ${after.version}: give the earlier one as --from`,
    );
  }
  const location = `s3://${ports.warehouse}/${table.name}`;
  const tables = {
    [BEFORE]: { location, version: before.version },
    [AFTER]: { location, version: after.version },
  };
  const ask = async (sql: string): Promise<Exclude<TravelAnswer, { failed: string }>> => {
    const answer = await ports.travel({ sql, single: false, tables });
    if (!('failed' in answer)) return answer;
    throw new CommandFailed(
      `The versions ${before.version} and ${after.version} of ${table.name} cannot be compared: ${answer.failed}`,
    );
  };
  const [beforeColumns, afterColumns] = await Promise.all([ask(columnsSql(BEFORE)), ask(columnsSql(AFTER))]);
  const present = {
    before: beforeColumns.columns.map(({ name }) => name),
    after: afterColumns.columns.map(({ name }) => name),
  };
  const roles = columnRoles(table);
  const [counts, rows] = await Promise.all([
    ask(countsSql(roles, present)),
    ask(rowsSql(roles, present, limit)),
  ]);
  return {
    table: table.name,
    from: { version: before.version, timestamp: before.timestamp },
    to: { version: after.version, timestamp: after.timestamp },
    counts: foldCounts(counts.rows),
    ...foldRows(rows.rows, roles, present),
  };
}

/** @throws UsageError when it is no number of rows. */
export function parseLimit(text: string): number {
  if (/^\d+$/u.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new UsageError(`--limit ${text} is no number of rows: use 0 (counts only), 20 or 1000`);
}

function requireCommit(table: string, asOf: AsOf, commits: readonly TableCommit[]): TableCommit {
  const commit = commitAsOf(asOf, commits);
  if (commit !== undefined) return commit;
  const wanted = 'version' in asOf ? String(asOf.version) : `until ${asOf.at.toISOString()}`;
  const numbers = commits.map(({ version }) => version);
  throw new CommandFailed(
    `The table ${table} has no version ${wanted}: its log has ${Math.min(...numbers)} to ${Math.max(...numbers)}; ` +
      `npx lakehouse status ${table} shows when each was committed`,
  );
}

function newest(commits: readonly TableCommit[]): TableCommit {
  return commits.reduce((last, commit) => (commit.version > last.version ? commit : last));
}
