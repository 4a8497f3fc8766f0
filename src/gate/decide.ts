import type { JobResult } from '../batch/documents';
import type { Gate } from '../ledger/items';
import { checkOfUniqueKey } from './checks';

export type Counts = Gate['before'];
/** Delta versions by table; null: not created. */
export type Versions = Readonly<Record<string, number | null>>;

/**
 * Violations that stood in the tables before a batch wrote and that its checks count all the same, as its jobs found them: a key
 * that stood twice still does when both rows are updated. Every other check counts only what the batch itself wrote
 * (docs/adr/0035-validation-of-a-batch.md).
 */
export function violationsBefore(results: readonly Pick<JobResult, 'dataset' | 'repeatedBefore'>[]): Counts {
  return results.flatMap(({ dataset, repeatedBefore = 0 }) =>
    repeatedBefore === 0 ? [] : [{ name: checkOfUniqueKey(dataset), violations: repeatedBefore }],
  );
}

/** Checks that found more than stood in the tables before the batch. */
export function newlyViolated(validation: Counts, before: Counts): (Counts[number] & { before: number })[] {
  const known = new Map(before.map(({ name, violations }) => [name, violations]));
  return validation.flatMap(({ name, violations }) => {
    const earlier = known.get(name) ?? 0;
    return violations > earlier ? [{ name, violations, before: earlier }] : [];
  });
}

/** Tables with a commit since the batch was planned, and the versions to return to: for one that it created, the empty first. */
export function tablesToRestore(pinned: Versions, now: Versions): Record<string, number> {
  return Object.fromEntries(
    Object.entries(now).flatMap(([table, version]) => {
      const target = pinned[table] ?? 0;
      return version !== null && version > target ? [[table, target]] : [];
    }),
  );
}
