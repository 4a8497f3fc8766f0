import type { Rollback } from '../../generated/types/documents/manifest';
import type { Versions } from '../gate/decide';
import { tablesToRestore } from '../gate/decide';
import type { EntryItem, FileItem } from '../ledger/items';
import { type Booked, recordsBefore } from './records';
import { RollbackRefused } from './refused';
import { stands, targetOf } from './target';

/** The log from a batch on, and what it says of tables and files. */
export interface LogSince {
  readonly entries: readonly EntryItem[];
  /** What the batches have booked that stand, by number. */
  readonly booked: ReadonlyMap<number, Booked>;
  readonly files: ReadonlyMap<string, FileItem>;
  /** The tables now. */
  readonly versions: Versions;
}

/** A rollback with what the manifest of the batch says beside it. */
export interface RollbackPlan {
  readonly rollback: Rollback;
  readonly confirmations: Booked['manifest']['confirmations'];
  /** The tables now. */
  readonly tables: Versions;
}

/**
 * What rolling a batch back means: tables return to the versions that the batch was planned on. A file that a later batch
 * loaded loads again. One that the batch alone has loaded is WITHDRAWN; one that it loaded again stays as it was before.
 *
 * @throws RollbackRefused
 */
export function planRollback({ entries, booked, files, versions }: LogSince, batch: number): RollbackPlan {
  const target = targetOf(entries, batch);
  const undone = entries.filter(stands).flatMap(({ number }) => booked.get(number) ?? []);
  const [first, ...later] = undone;
  if (first?.manifest.number !== batch) throw new RollbackRefused(`Batch ${batch} has no manifest`);
  const restore = tablesToRestore(first.manifest.tables, versions);
  if (Object.keys(restore).length === 0)
    throw new RollbackRefused(
      `No table has changed since batch ${batch} began: there is nothing to roll back`,
    );
  const archived = (fileId: string): boolean => files.get(fileId)?.state === 'ARCHIVED';
  const queued = new Set(idsOf(later).filter(archived));
  const firstLoaded = first.manifest.files
    .filter(({ loaded }) => loaded === null)
    .map(({ fileId }) => fileId);
  return {
    confirmations: first.manifest.confirmations,
    tables: versions,
    rollback: {
      batch,
      restore,
      undone: undone.map(({ manifest }) => manifest.number),
      queued: [...queued],
      withdrawn: firstLoaded.filter((fileId) => archived(fileId) && !queued.has(fileId)),
      records: recordsBefore(undone, files),
      violations: target.gate?.before ?? null,
    },
  };
}

function idsOf(batches: readonly Booked[]): string[] {
  return batches.flatMap(({ manifest }) => manifest.files.map(({ fileId }) => fileId));
}
