import type { JobResult } from '../../../src/batch/documents';
import type { Classified } from './classify';
import { ARRIVED, groupBy, WAITING } from './rank';
import type { Row } from './rows';

type Rows = JobResult['files'][number]['rows'];
type Fate = Exclude<keyof Rows, 'read'>;

/** What a batch writes and what it publishes (glue/lakehouse/decide.py). */
export interface Decision {
  readonly confirmations: Record<string, string>;
  readonly files: JobResult['files'];
  readonly redriven: JobResult['redriven'];
  readonly orphans: { waiting: number; oldestSince: string | null; expired: number };
  readonly toReject: readonly Classified[];
  readonly toWait: readonly Classified[];
  readonly toMerge: readonly Classified[];
  readonly toRemove: readonly Classified[];
}

export interface BatchFile {
  readonly fileId: string;
  readonly sequence: string;
  readonly read: number;
}

export function decide(
  classified: readonly Classified[],
  stored: readonly Row[],
  batch: { files: readonly BatchFile[] },
): Decision {
  const confirmations = confirmationsOf(classified, stored, batch.files);
  const isConfirmed = (file: string | undefined): boolean => file !== undefined && file in confirmations;
  // a line whose row waited already is counted by what becomes of that row
  const arrived = classified.filter(({ kind, state }) => kind === ARRIVED && state !== 'held');
  const waiting = classified.filter(({ kind }) => kind === WAITING);
  const fateOf = (row: Classified): Fate => fate(row, isConfirmed);
  const inBatch = new Set(batch.files.map(({ fileId }) => fileId));
  const staying = waiting.filter(
    ({ state, row }) => state === 'waiting' || (state === 'repeated' && isConfirmed(row.file)),
  );
  const toRemove = waiting.filter((row) => !staying.includes(row));
  const redriven = toRemove.filter(({ row }) => !inBatch.has(row.file));
  const toWait = arrived.filter((row) => fateOf(row) === 'orphaned');
  const advance = ({ state, complete, base }: Classified): boolean =>
    state === 'repeated' && complete && !isConfirmed(base?.row.file);
  const since = [...staying, ...toWait]
    .map(({ row }) => new Date(row.waitingSince ?? 0).toISOString())
    .sort();
  return {
    confirmations,
    files: batch.files.map(({ fileId, read }) => {
      const own = arrived.filter(({ row }) => row.file === fileId);
      const waited = waiting
        .filter(({ row }) => row.file === fileId)
        .map((row) => (staying.includes(row) ? 'orphaned' : fateOf(row)));
      return { fileId, rows: count([...own.map(fateOf), ...waited], read) };
    }),
    redriven: [...groupBy(redriven, ({ row }) => row.file)].map(([fileId, rows]) => {
      const counts = count(rows.map(fateOf), 0);
      return { fileId, rows: { ...counts, orphaned: counts.orphaned - rows.length } };
    }),
    orphans: {
      waiting: staying.length + toWait.length,
      oldestSince: since[0] ?? null,
      expired: waiting.filter(({ state }) => state === 'expired').length,
    },
    toReject: classified.filter(({ state }) => state === 'rejected' || state === 'expired'),
    toWait,
    toMerge: classified.filter(
      (row) =>
        ['inserted', 'updated', 'advanced'].includes(row.state) || (row.kind === ARRIVED && advance(row)),
    ),
    toRemove,
  };
}

/** A file all of whose stored rows came again alike, from one file (glue/lakehouse/confirmations.py). */
function confirmationsOf(
  classified: readonly Classified[],
  stored: readonly Row[],
  files: readonly BatchFile[],
): Record<string, string> {
  const repeated = classified.filter(({ kind, state }) => kind === ARRIVED && state === 'repeated');
  const candidates = new Set(repeated.flatMap(({ base }) => base?.row.file ?? []));
  for (const { fileId } of files) candidates.delete(fileId);
  const confirmed: [string, string][] = [];
  for (const file of [...candidates].sort()) {
    const matches = repeated.filter(({ base }) => base?.row.file === file);
    const sources = new Set(matches.map(({ row }) => row.sequence));
    const replaced = classified.filter(
      ({ state, complete, base }) =>
        complete && base?.row.file === file && (state === 'updated' || state === 'advanced'),
    );
    const moving = classified.filter(
      ({ kind, row, state }) =>
        kind === WAITING &&
        row.file === file &&
        ['waiting', 'repeated', 'inserted', 'updated', 'advanced'].includes(state),
    );
    const remaining = stored.filter((row) => row.file === file).length - replaced.length + moving.length;
    const [sequence] = sources;
    const waits = classified.some(
      ({ kind, state, complete, row, base }) =>
        kind === ARRIVED &&
        row.sequence === sequence &&
        !complete &&
        (state === 'orphaned' || (state === 'repeated' && base?.row.file !== file)),
    );
    if (sources.size === 1 && sequence !== undefined && matches.length === remaining && !waits)
      confirmed.push([file, sequence]);
  }
  return Object.fromEntries(confirmed);
}

function fate({ state, kind, complete, base }: Classified, isConfirmed: (file?: string) => boolean): Fate {
  switch (state) {
    case 'repeated':
      if (kind === WAITING) return 'superseded';
      return complete || isConfirmed(base?.row.file) ? 'unchanged' : 'orphaned';
    case 'advanced':
      return 'unchanged';
    case 'expired':
      return 'rejected';
    case 'waiting':
    case 'held':
      return 'orphaned';
    default:
      return state;
  }
}

function count(fates: readonly Fate[], read: number): Rows {
  const of = (name: Fate): number => fates.filter((fate) => fate === name).length;
  return {
    read,
    inserted: of('inserted'),
    updated: of('updated'),
    unchanged: of('unchanged'),
    superseded: of('superseded'),
    duplicate: of('duplicate'),
    rejected: of('rejected'),
    orphaned: of('orphaned'),
  };
}
