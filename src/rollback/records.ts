import type { FileRecord } from '../../generated/types/documents/manifest';
import type { JobResult, Manifest } from '../batch/documents';
import type { FileItem } from '../ledger/items';
import { type Rows, sum } from '../ledger/rows';

/** What a batch that is undone has booked. */
export interface Booked {
  readonly manifest: Manifest;
  /** Of datasets with orphans, what their jobs published. */
  readonly results: readonly JobResult[];
}

type Known = Omit<FileRecord, 'fileId'>;

/**
 * What was on record of each file before the oldest of the batches: from what is on record now, back through all of them. A
 * file of a batch was as the batch's manifest says; of one whose waiting rows the batch moved, it takes the changes back.
 *
 * @param undone the batches in which something was booked that still stands, oldest first.
 */
export function recordsBefore(undone: readonly Booked[], files: ReadonlyMap<string, FileItem>): FileRecord[] {
  const records = new Map<string, Known>();
  const now = (fileId: string): Known => {
    const { firstLoadedAt = null, rows = null } = files.get(fileId) ?? {};
    return records.get(fileId) ?? { firstLoadedAt, rows };
  };
  for (const { manifest, results } of undone.toReversed()) {
    for (const { fileId, rows: change } of results.flatMap(({ redriven }) => redriven)) {
      const { firstLoadedAt, rows } = now(fileId);
      records.set(fileId, { firstLoadedAt, rows: rows && without(rows, change) });
    }
    for (const { fileId, loaded } of manifest.files)
      records.set(fileId, { firstLoadedAt: loaded?.firstAt ?? null, rows: loaded?.rows ?? null });
  }
  return [...records].map(([fileId, record]) => ({ fileId, ...record }));
}

/** Null where the difference makes no sense: what is not known is safe, what is wrong is not. */
function without(rows: Rows, change: Rows): Rows | null {
  const before = sum(rows, change, -1);
  return Object.values(before).some((count) => count < 0) ? null : before;
}
