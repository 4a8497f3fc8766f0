import { tables } from '../contract/contracts';
import { readCommits } from '../delta/commits';
import { type ControlItem, keys, read } from '../ledger/items';
import type { RollbackPlan } from './plan';
import { findRollback, type RollbackPorts, type RollbackSettings } from './readLog';
import { RollbackRefused } from './refused';
import { stands } from './target';

/** A version of a table that somebody wants back. */
export interface TableVersion {
  readonly table: string;
  readonly version: number;
}

/** A commit of a table: which version it made, by what, for which batch. */
interface Made {
  readonly version: number;
  readonly operation: string | null;
  readonly batch: number | null;
}

/** Operations of Delta that leave every row as it is. */
const ROWLESS = new Set(['CREATE TABLE', 'SET TBLPROPERTIES', 'OPTIMIZE', 'VACUUM START', 'VACUUM END']);

/**
 * Plans the rollback that returns a table and all else of its dataset to a version: to before the first batch that has changed
 * the table since. It writes nothing.
 *
 * @throws RollbackRefused also when the version is not what a batch began with, with the nearest that are.
 */
export async function findRollbackTo(
  ports: RollbackPorts,
  settings: RollbackSettings,
  control: Pick<ControlItem, 'nextNumber'>,
  wanted: TableVersion,
): Promise<RollbackPlan> {
  const { table, version } = wanted;
  const commits = (await readCommits(ports.objects, settings.warehouseBucket, table)).toReversed();
  const numbers = new Set(commits.flatMap(({ batch }) => (batch === null ? [] : [batch])));
  const entries = (await ports.store.getMany([...numbers].map(keys.entry))).map(read.entry);
  const standing = new Set(entries.filter(stands).map(({ number }) => number));
  const batch = batchAfter(commits, standing, wanted);
  const dataset = tables.find(({ name }) => name === table)?.dataset;
  const plan = await findRollback(ports, settings, control, { batch, dataset });
  if (!isSame(commits, version, plan.rollback.restore[table] ?? version))
    throw notAnEnd(commits, standing, wanted);
  return plan;
}

/**
 * The first batch that has changed the table since the version.
 *
 * @param commits of the table, oldest first.
 * @param standing batches of which something is in the tables.
 * @throws RollbackRefused
 */
export function batchAfter(
  commits: readonly Made[],
  standing: ReadonlySet<number>,
  wanted: TableVersion,
): number {
  const { table, version } = wanted;
  if (!commits.some((commit) => commit.version === version))
    throw new RollbackRefused(
      `The log of ${table} has no version ${version}; see: lakehouse status ${table}`,
    );
  const [next] = firstCommits(
    commits.filter((commit) => commit.version > version),
    standing,
  );
  if (next === undefined)
    throw new RollbackRefused(
      `No batch that stands has changed ${table} since version ${version}: there is nothing to roll back. What an earlier ` +
        'rollback took is brought back by lakehouse replay',
    );
  if (!isSame(commits, version, next.version - 1)) throw notAnEnd(commits, standing, wanted);
  return next.batch;
}

/** The first commit of each batch that stands. */
function firstCommits(
  commits: readonly Made[],
  standing: ReadonlySet<number>,
): { readonly version: number; readonly batch: number }[] {
  const first = new Map<number, number>();
  for (const { version, operation, batch } of commits)
    if (batch !== null && standing.has(batch) && !ROWLESS.has(operation ?? '') && !first.has(batch))
      first.set(batch, version);
  return [...first].map(([batch, version]) => ({ version, batch }));
}

/** Whether both versions hold the same rows, as far as the kinds of the commits between them tell. */
function isSame(commits: readonly Made[], one: number, other: number): boolean {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  return commits.every(
    ({ version, operation }) => version <= from || version > to || ROWLESS.has(operation ?? ''),
  );
}

function notAnEnd(
  commits: readonly Made[],
  standing: ReadonlySet<number>,
  { table, version }: TableVersion,
): RollbackRefused {
  const ends = firstCommits(commits, standing).map((commit) => ({ ...commit, version: commit.version - 1 }));
  const near = [
    ends.findLast((end) => end.version < version),
    ends.find((end) => end.version > version),
  ].flatMap((end) => (end === undefined ? [] : [`${end.version}, from which batch ${end.batch} went on`]));
  return new RollbackRefused(
    `Version ${version} of ${table} is not where a batch that stands ended. The nearest that are: ${near.join('; ')}`,
  );
}
