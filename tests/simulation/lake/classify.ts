import { ARRIVED, type Candidate, comparePlaces, type Ranked, STORED, WAITING } from './rank';

/** What becomes of a row: the states of glue/lakehouse/classify.py. */
export type State =
  | 'held'
  | 'rejected'
  | 'inserted'
  | 'updated'
  | 'advanced'
  | 'repeated'
  | 'unchanged'
  | 'superseded'
  | 'duplicate'
  | 'orphaned'
  | 'waiting'
  | 'expired';

export interface Classified extends Ranked {
  readonly state: State;
  readonly complete: boolean;
}

/** Judges every row that is not stored already. `oldest`: an orphan that has waited since before then expires. */
export function classifyRows(ranked: readonly Ranked[], oldest: number): Classified[] {
  return ranked
    .filter(({ kind }) => kind !== STORED)
    .map((row) => ({ ...row, state: stateOf(row, oldest), complete: row.missing.length === 0 }));
}

function stateOf(row: Ranked, oldest: number): State {
  if (row.held === 'table') return 'unchanged';
  if (row.held === 'orphans') return 'held';
  if (row.reasons !== '') return 'rejected';
  if (row.held === 'expired') return 'expired';
  if (row.rank > 1) return beaten(row, oldest);
  return row.missing.length === 0 ? newestComplete(row) : newestOrphan(row, oldest);
}

function newestComplete({ base, row, kind }: Ranked): State {
  if (base === undefined) return 'inserted';
  if (base.row.values !== row.values) return 'updated';
  return kind === ARRIVED ? 'repeated' : 'advanced';
}

function newestOrphan(candidate: Ranked, oldest: number): State {
  const { base, row, kind } = candidate;
  if (!mayWait(candidate, candidate) || candidate.lost) return 'superseded';
  if (isExpired(candidate, oldest)) return 'expired';
  if (kind === WAITING) return 'waiting';
  return base?.row.values === row.values && baseStays(candidate, oldest) ? 'repeated' : 'orphaned';
}

function beaten(candidate: Ranked, oldest: number): State {
  const { newer, base, head, row, kind, effective, missing } = candidate;
  const equalsNewer = newer?.row.values === row.values;
  const isSame = equalsNewer && newer.kind !== ARRIVED && newer.effective === effective;
  if (kind === ARRIVED && isSame && newer.row.file !== row.file) return 'unchanged';
  const isBase = base?.row.file === row.file && base.row.line === row.line;
  const repeatedOrphan =
    kind === WAITING && isBase && head.kind === ARRIVED && head.row.values === row.values;
  if (missing.length > 0 && repeatedOrphan && baseStays(candidate, oldest)) return 'repeated';
  return newer?.row.file === row.file && equalsNewer ? 'duplicate' : 'superseded';
}

/** Whether an incomplete row is newer than what the table has or gets for its key. */
function mayWait({ tableNewest }: Ranked, place: Candidate): boolean {
  if (tableNewest === undefined || comparePlaces(place, tableNewest) >= 0) return true;
  // a lent sequence has no line: beside the file that lent it nothing has changed since the orphan was judged
  return place.effective !== place.row.sequence && place.effective === tableNewest.effective;
}

function baseStays(candidate: Ranked, oldest: number): boolean {
  const { base } = candidate;
  return base !== undefined && mayWait(candidate, base) && !isExpired(base, oldest);
}

function isExpired({ row }: Candidate, oldest: number): boolean {
  return row.waitingSince !== undefined && row.waitingSince < oldest;
}
