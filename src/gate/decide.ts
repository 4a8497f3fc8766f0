import type { EntryItem, Gate } from '../ledger/items';

export type Counts = Gate['before'];
/** Delta versions by table; null: not created. */
export type Versions = Gate['tables'];

/**
 * How many violations the checks found in the tables that a batch was planned on, of those where that is known: all, when
 * every table was as created; else those of the entry before, if the tables have not changed since its validation.
 */
export function violationsBefore(
  pinned: Versions,
  previous: EntryItem | undefined,
  checks: readonly string[],
): Counts {
  if (Object.values(pinned).every((version) => version === null || version === 0)) {
    return checks.map((name) => ({ name, violations: 0 }));
  }
  if (previous?.gate === undefined) return [];
  const left = versionsAfter(previous, previous.gate);
  if (Object.entries(pinned).some(([table, version]) => version !== (left[table] ?? null))) return [];
  return (previous.state === 'WITHDRAWN' ? previous.gate.before : previous.validation) ?? [];
}

/** The tables as the entry left them: as its validation saw them, or where it was withdrawn as they are since. */
function versionsAfter({ state, tables = [] }: EntryItem, gate: Gate): Versions {
  if (state !== 'WITHDRAWN') return gate.tables;
  const restored = tables.filter(({ name }) => Object.hasOwn(gate.restore ?? {}, name));
  return { ...gate.tables, ...Object.fromEntries(restored.map(({ name, version }) => [name, version])) };
}

/**
 * Checks that found more than in the tables before the batch. One whose count before is unknown is none of them: whose
 * violations it counts cannot be told.
 */
export function newlyViolated(validation: Counts, before: Counts): (Counts[number] & { before: number })[] {
  const known = new Map(before.map(({ name, violations }) => [name, violations]));
  return validation.flatMap(({ name, violations }) => {
    const earlier = known.get(name);
    return earlier !== undefined && violations > earlier ? [{ name, violations, before: earlier }] : [];
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
