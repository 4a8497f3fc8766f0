import type { Row } from './rows';

/** Where a candidate comes from; the order is that of preference at one sequence (glue/lakehouse/candidates.py). */
export const STORED = 0;
export const WAITING = 1;
export const ARRIVED = 2;

/** A row that competes for its key's place. */
export interface Candidate {
  readonly row: Row;
  readonly kind: typeof STORED | typeof WAITING | typeof ARRIVED;
  /** The greater of the row's own sequence and the newest confirmation of its file. */
  readonly effective: string;
  /** Why the line is refused; empty when it is not. */
  readonly reasons: string;
  /** Where a row of the line is since an earlier batch; and whether the line lost then (glue/lakehouse/replay.py). */
  readonly held: 'expired' | 'table' | 'orphans' | undefined;
  readonly lost: boolean;
  /** Foreign key columns whose parent is not there, each with its value. */
  readonly missing: readonly string[];
}

/** A candidate among those it competes with (glue/lakehouse/deduplicate.py). */
export interface Ranked extends Candidate {
  readonly rank: number;
  readonly newer: Candidate | undefined;
  readonly head: Candidate;
  /** The row that is stored in the group's place. */
  readonly base: Candidate | undefined;
  /** The newest row of the key that has all parents. */
  readonly tableNewest: Candidate | undefined;
}

export function rankRows(candidates: readonly Candidate[]): Ranked[] {
  const accepted = candidates.filter(competes);
  const alone = candidates.filter((candidate) => !competes(candidate));
  const groups = [...groupBy(accepted, ({ row, missing }) => [row.key, ...missing].join('\n')).values()];
  const storedFiles = new Map(
    accepted.filter(({ kind }) => kind === STORED).map(({ row }) => [row.key, row.file]),
  );
  const complete = groupBy(
    accepted.filter(({ missing }) => missing.length === 0),
    ({ row }) => row.key,
  );
  const ranked = [...groups, ...alone.map((candidate) => [candidate])].map((group) => {
    const stored = storedFiles.get(group[0]!.row.key);
    const ordered = group.toSorted((a, b) => newestFirst(a, b, stored));
    const head = ordered.find((candidate) => !lostBefore(candidate)) ?? ordered[0]!;
    const baseKind = head.missing.length === 0 ? STORED : WAITING;
    const base = !competes(head) ? undefined : ordered.find(({ kind }) => kind === baseKind);
    const tableNewest = !competes(head)
      ? undefined
      : complete.get(head.row.key)?.toSorted((a, b) => comparePlaces(b, a))[0];
    return ordered.map((candidate, index): Ranked => {
      const shared = { head, base, tableNewest, newer: ordered[index - 1] };
      const before = ordered.slice(0, index).filter((other) => !lostBefore(other)).length;
      return { ...candidate, ...shared, rank: before + 1 };
    });
  });
  return ranked.flat();
}

/** Rejected lines, expired ones and lines whose row is held compete with nobody. */
function competes({ reasons, held }: Candidate): boolean {
  return reasons === '' && held === undefined;
}

/** What it lost to may have gone since, and it must not win after all. */
function lostBefore({ lost, missing }: Candidate): boolean {
  return lost && missing.length > 0;
}

function newestFirst(a: Candidate, b: Candidate, stored: string | undefined): number {
  const lineIfStored = ({ row }: Candidate): number => (row.file === stored ? row.line : -1);
  return (
    compare(b.effective, a.effective) ||
    compareNumbers(ownLine(b), ownLine(a)) ||
    lineIfStored(b) - lineIfStored(a) ||
    a.kind - b.kind ||
    b.row.line - a.row.line ||
    compare(b.row.file, a.row.file)
  );
}

/** The line that counts among rows of one file; a row that borrows its sequence from a confirmation comes first. */
function ownLine({ row, effective }: Candidate): number {
  return effective === row.sequence ? row.line : Infinity;
}

/** Place in time: effective sequence and line; no line where a confirmation lent the sequence. */
export function comparePlaces(a: Candidate, b: Candidate): number {
  const line = ({ row, effective }: Candidate): number => (effective === row.sequence ? row.line : 0);
  return compare(a.effective, b.effective) || line(a) - line(b);
}

/** Keys and sequences of the model are ASCII, where UTF-16 and UTF-8 agree. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
