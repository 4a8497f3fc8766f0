import type { Outcome } from '../../generated/types/states/outcome';
import type { JobResult } from '../batch/documents';
import { isDatasetName, parentsOf } from '../contract/contracts';
import type { ControlItem } from '../ledger/items';

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
