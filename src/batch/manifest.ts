import type { Manifest } from '../../generated/types/documents/manifest';
import { contracts, datasetNames, isDatasetName } from '../contract/contracts';
import { termsOf } from '../contract/terms';
import { tableVersions } from '../delta/tableVersion';
import { keyLocation } from '../erasure/digest';
import { confirmations } from '../ledger/entries';
import { erasedPeople } from '../ledger/erasures';
import type { ControlItem, FileItem } from '../ledger/items';
import { type Objects, uri } from '../objects/objects';
import type { Store } from '../store/store';
import type { ManifestFile } from './documents';

/** What a plan takes from the stage's settings. */
export interface PlanSettings {
  readonly stage: string;
  readonly landingBucket: string;
  readonly warehouseBucket: string;
  readonly artefactsBucket: string;
  readonly release: Manifest['release'];
  readonly filesPerChunk: number;
  readonly orphanMaxAgeDays: number;
  readonly undoDays: number;
}

/** What differs by the kind of an entry. */
export type EntryManifest = Pick<
  Manifest,
  'kind' | 'tables' | 'confirmations' | 'rollback' | 'maintenance' | 'erasure' | 'erased'
>;

export function processingKey(fileId: string): string {
  return `processing/${fileId}.csv`;
}

/** Puts down everything that an attempt at the batch may depend on. */
export async function composeManifest(
  { store, objects }: { readonly store: Store; readonly objects: Pick<Objects, 'keys'> },
  settings: PlanSettings,
  plan: { control: ControlItem; files: readonly FileItem[]; plannedAt: Date },
): Promise<Manifest> {
  const confirmed = await Promise.all(
    datasetNames.map(async (name) => [name, await confirmations(store, name)] as const),
  );
  const digests = await erasedPeople(store);
  const key = uri(keyLocation(settings.artefactsBucket));
  return manifestOf(settings, plan, {
    kind: 'load',
    ...(digests.length === 0 ? {} : { erased: { key, digests } }),
    tables: await tableVersions(objects, settings.warehouseBucket),
    confirmations: Object.fromEntries(confirmed),
  });
}

/** The manifest of an entry; what is not given is the same for every kind of entry. */
export function manifestOf(
  settings: PlanSettings,
  { control, files, plannedAt }: { control: ControlItem; files: readonly FileItem[]; plannedAt: Date },
  entry: EntryManifest,
): Manifest {
  const { epoch, nextNumber } = control;
  const { stage, artefactsBucket, filesPerChunk, landingBucket, warehouseBucket, release } = settings;
  return {
    ...{ schema: 1, epoch, number: nextNumber, plannedAt: plannedAt.toISOString() },
    ...{ landingBucket, warehouseBucket },
    prefix: `s3://${artefactsBucket}/batches/${epoch}/${String(nextNumber).padStart(6, '0')}/`,
    release,
    contracts: Object.fromEntries(datasetNames.map((name) => [name, termsOf(contracts[name], stage)])),
    ...entry,
    orphanMaxAgeDays: settings.orphanMaxAgeDays,
    undoDays: settings.undoDays,
    chunks: Math.ceil(files.length / filesPerChunk),
    files: files.map((file, index) => ({
      fileId: file.fileId,
      dataset: isDatasetName(file.dataset) ? file.dataset : null,
      key: file.key,
      versionId: file.versionId,
      size: file.size,
      etag: file.etag,
      lastModified: file.lastModified,
      sequence: file.sequence,
      chunk: Math.floor(index / filesPerChunk),
      processingKey: processingKey(file.fileId),
      location: file.location ?? null,
      earlierBatch: file.batch ?? null,
      loaded: loadedBefore(file),
    })),
  };
}

/** A crash between archiving and booking leaves a file without counts: then nothing can be said of what is on record. */
function loadedBefore({ firstLoadedAt, rows }: FileItem): ManifestFile['loaded'] {
  if (firstLoadedAt === undefined || rows === undefined) return null;
  return { firstAt: firstLoadedAt, rejected: rows.rejected, orphaned: rows.orphaned, rows };
}
