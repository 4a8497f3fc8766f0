import type { Outcome } from '../../generated/types/states/outcome';
import type { JobResult } from '../batch/documents';
import { datasetNames, isDatasetName, parentsOf, tablesOf } from '../contract/contracts';
import type { ControlItem, EntryItem } from '../ledger/items';

type Orphans = NonNullable<ControlItem['orphans']>;

/**
 * The rows that wait after an entry: as the jobs left them, and as they were where a job failed or had nothing to do.
 * Rows whose parents were loaded while their own job failed, or after it had looked for them (an earlier attempt at the
 * entry, when the parent's job failed), are marked: no later arrival may ever ask for them.
 */
export function orphansAfter(
  { orphans = {} }: Pick<ControlItem, 'orphans'>,
  results: readonly JobResult[],
  outcomes: readonly Outcome[],
): Orphans {
  const loaded = new Set(outcomes.filter(({ status }) => status === 'LOADED').map(({ dataset }) => dataset));
  const missed = outcomes.flatMap(({ dataset, status }) => {
    const before = orphans[dataset];
    const isMissed =
      status === 'FAILED' &&
      isDatasetName(dataset) &&
      parentsOf(dataset).some((parent) => loaded.has(parent));
    return isMissed && before !== undefined ? [[dataset, { ...before, missed: true } as const] as const] : [];
  });
  const counted = results.flatMap(({ dataset, orphans: after, parents = {} }) => {
    if (after === null) return [];
    const { waiting, oldestSince } = after;
    const late = results
      .flatMap(({ tables }) => tables)
      .some((table) => table.version > (parents[table.name] ?? Infinity));
    return [[dataset, { waiting, oldestSince, ...(late ? { missed: true as const } : {}) }] as const];
  });
  return { ...orphans, ...Object.fromEntries<Orphans[string]>([...missed, ...counted]) };
}

/**
 * The rows that wait after an entry that was withdrawn: as before it. Where it had no files, waiting rows alone brought what
 * it was withdrawn for, and an entry of them would be withdrawn again at every sweep, for ever: they are held back until
 * their dataset's job runs for another reason.
 */
export function orphansAfterWithdrawal(
  { orphans = {} }: Pick<ControlItem, 'orphans'>,
  { files }: Pick<EntryItem, 'files'>,
): Orphans {
  if (files > 0) return orphans;
  const held = Object.entries(orphans).map(
    ([dataset, { waiting, oldestSince }]): [string, Orphans[string]] => [
      dataset,
      { waiting, oldestSince, ...(waiting > 0 ? { held: true } : {}) },
    ],
  );
  return Object.fromEntries(held);
}

/**
 * The rows that wait in tables that lost rows without a load. Since when, and whether a parent came for them unseen, is not on record: their next
 * entry looks.
 */
export function waitingAfter(
  { orphans = {} }: Pick<ControlItem, 'orphans'>,
  restorations: readonly Pick<JobResult, 'tables'>[],
): Orphans {
  const rows = new Map(restorations.flatMap(({ tables }) => tables.map((table) => [table.name, table.rows])));
  const counted = datasetNames.flatMap((dataset) => {
    const table = tablesOf(dataset).find(({ kind }) => kind === 'orphans');
    const before = orphans[dataset];
    const waiting = rows.get(table?.name ?? '') ?? before?.waiting;
    if (waiting === undefined) return [];
    const oldestSince = rows.has(table?.name ?? '') ? null : (before?.oldestSince ?? null);
    return [[dataset, { waiting, oldestSince, ...(waiting > 0 ? { missed: true as const } : {}) }] as const];
  });
  return { ...orphans, ...Object.fromEntries<Orphans[string]>(counted) };
}
