import type { Rollback } from '../../generated/types/documents/manifest';
import type { ManifestFile } from '../batch/documents';
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

/** What is rolled back. */
export interface RollbackAim {
  /** Tables return to before it. */
  readonly batch: number;
  /** The dataset whose files are taken back, those of later batches too; undefined: the files of the batch are. */
  readonly dataset?: string | undefined;
}

/**
 * What rolling a batch back means: tables return to the versions that the batch was planned on. A file that a later batch
 * loaded loads again. One that the batch alone has loaded is WITHDRAWN; one that it loaded again stays as it was before.
 *
 * Of a dataset: its files that were first loaded since are WITHDRAWN, whatever their batch, and files of the other datasets load
 * again; so rows whose parents are gone wait for them, as rows do whose parents are late.
 *
 * @throws RollbackRefused
 */
export function planRollback(
  { entries, booked, files, versions }: LogSince,
  { batch, dataset }: RollbackAim,
): RollbackPlan {
  targetOf(entries, batch);
  const undone = entries.filter(stands).flatMap(({ number }) => booked.get(number) ?? []);
  const [first, ...later] = undone;
  if (first?.manifest.number !== batch) throw new RollbackRefused(`Batch ${batch} has no manifest`);
  const restore = tablesToRestore(first.manifest.tables, versions);
  if (Object.keys(restore).length === 0)
    throw new RollbackRefused(
      `No table has changed since batch ${batch} began: there is nothing to roll back`,
    );
  const archived = ({ fileId }: ManifestFile): boolean => files.get(fileId)?.state === 'ARCHIVED';
  const { taken, others } = dataset === undefined ? byBatch(first, later) : byDataset(undone, dataset);
  if (taken.length === 0 && dataset !== undefined)
    throw new RollbackRefused(
      `No file of ${dataset} has been loaded since batch ${batch} began: what has changed its tables is that files of other ` +
        'datasets brought parents, and they load again',
    );
  const queued = new Set(others.filter(archived).map(({ fileId }) => fileId));
  return {
    confirmations: first.manifest.confirmations,
    tables: versions,
    rollback: {
      batch,
      ...(dataset === undefined ? {} : { dataset }),
      restore,
      undone: undone.map(({ manifest }) => manifest.number),
      queued: [...queued],
      withdrawn: taken
        .filter((file) => file.loaded === null && archived(file) && !queued.has(file.fileId))
        .map(({ fileId }) => fileId),
      records: recordsBefore(undone, files),
      violations: null,
    },
  };
}

/** Files that are taken back, and files that load again, each as the oldest of the batches had it. */
interface Split {
  readonly taken: readonly ManifestFile[];
  readonly others: readonly ManifestFile[];
}

function byBatch({ manifest }: Booked, later: readonly Booked[]): Split {
  return { taken: manifest.files, others: filesOf(later) };
}

function byDataset(undone: readonly Booked[], dataset: string): Split {
  const files = filesOf(undone);
  return {
    taken: files.filter((file) => file.dataset === dataset),
    others: files.filter((file) => file.dataset !== dataset),
  };
}

function filesOf(batches: readonly Booked[]): ManifestFile[] {
  const files = new Map<string, ManifestFile>();
  for (const file of batches.flatMap(({ manifest }) => manifest.files))
    if (!files.has(file.fileId)) files.set(file.fileId, file);
  return [...files.values()];
}
