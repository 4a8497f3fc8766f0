import type { Manifest, ManifestFile } from '../../../src/batch/documents';
import type { Candidate } from './rank';
import { lineId, type Reject, type Row } from './rows';

/** What is on record of a line of a file that comes again. */
export interface Known {
  /** Where a row of the line is. */
  readonly held: 'expired' | 'table' | 'orphans' | undefined;
  /** The record of its file is complete and knows nothing of the line: it lost to another row. */
  readonly lost: boolean;
}

/** What is known of a line, and from when on it waits should it have to. */
export type Recall = (file: string, line: number) => Known & { readonly since: number };

export const UNKNOWN: Known = { held: undefined, lost: false };

/** The rows of a dataset's tables at the pinned versions. */
export interface Pinned {
  readonly stored: readonly Row[];
  readonly orphans: readonly Row[];
  readonly rejects: readonly Reject[];
}

/** The files that an earlier batch had. */
export function filesAgain(files: readonly ManifestFile[]): ManifestFile[] {
  return files.filter(({ earlierBatch }) => earlierBatch !== null);
}

/** Looks lines up among the rows of files that come again (glue/lakehouse/replay.py). */
export function recallOf(
  { plannedAt }: Manifest,
  again: readonly ManifestFile[],
  { stored, orphans, rejects }: Pinned,
): Recall {
  const held = new Map([
    ...rejects.filter(({ expired }) => expired).map((row) => [lineId(row), 'expired'] as const),
    ...stored.map((row) => [lineId(row), 'table'] as const),
    // a batch that failed between its two merges leaves a row in both: the one that waits speaks for the line
    ...orphans.map((row) => [lineId(row), 'orphans'] as const),
  ]);
  const rejected = new Set(rejects.map(lineId));
  const of = (rows: readonly { readonly file: string }[], fileId: string): number =>
    rows.filter(({ file }) => file === fileId).length;
  const records = new Map(
    again.map(({ fileId, loaded }) => {
      const complete = of(rejects, fileId) === loaded?.rejected && of(orphans, fileId) === loaded.orphaned;
      return [fileId, { complete, since: Date.parse(loaded?.firstAt ?? plannedAt) }] as const;
    }),
  );
  return (file, line) => {
    const record = records.get(file);
    if (record === undefined) return { ...UNKNOWN, since: Date.parse(plannedAt) };
    const id = lineId({ file, line });
    const lost = record.complete && !held.has(id) && !rejected.has(id);
    return { held: held.get(id), lost, since: record.since };
  };
}

/** A line that has expired stays so while its parents are missing, if it may not wait longer by now. */
export function letExpiredGo(candidate: Candidate, oldest: number): Candidate {
  const { held, missing, row } = candidate;
  const stays = missing.length > 0 && row.waitingSince !== undefined && row.waitingSince < oldest;
  return held === 'expired' && !stays ? { ...candidate, held: undefined } : candidate;
}

/**
 * What the rejects table has to become so that it holds `wanted` and nothing else of the files that come again; undefined
 * when it is so already.
 */
export function replacedRejects(
  wanted: readonly Reject[],
  rejects: readonly Reject[],
  again: readonly ManifestFile[],
): ((rows: readonly Reject[]) => readonly Reject[]) | undefined {
  const files = new Set(again.map(({ fileId }) => fileId));
  const before = new Map(
    rejects.filter(({ file }) => files.has(file)).map((reject) => [lineId(reject), reject.reasons]),
  );
  const changed = wanted.filter((reject) => before.get(lineId(reject)) !== reject.reasons);
  const kept = new Set(wanted.map(lineId));
  const gone = new Set([...before.keys()].filter((line) => !kept.has(line)));
  if (changed.length === 0 && gone.size === 0) return undefined;
  const written = new Set(changed.map(lineId));
  return (rows) => [...rows.filter((row) => !gone.has(lineId(row)) && !written.has(lineId(row))), ...changed];
}
