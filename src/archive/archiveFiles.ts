import pMap from 'p-map';
import type { ArchiveFilesEvent } from '../../generated/types/events/archiveFiles';
import type { ArchiveFilesResult } from '../../generated/types/states/archiveFiles';
import {
  type Manifest,
  type ManifestFile,
  readManifest,
  readVerdicts,
  type Verdict,
} from '../batch/documents';
import type { Log } from '../lambda/lambda';
import { readFiles, settle, type Settlement } from '../ledger/files';
import type { FileItem } from '../ledger/items';
import { requireLease } from '../ledger/lease';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { FAILURE_RULES } from '../verdict/judgeFile';
import { finalVerdicts, resultsOf } from '../verdict/finalVerdicts';
import { destinationKey, rejectionOf } from './destination';

export interface ArchiveFilesPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly log: Log;
}

/** A file that leaves raw/, or that is given up where it lies. */
interface Move extends Settlement {
  readonly file: ManifestFile;
  readonly verdict: Verdict;
}

const CONCURRENT_MOVES = 16;

/**
 * Moves the files of a chunk out of raw/: loaded ones to archived/, refused ones to rejected/ with their reasons. Files
 * of a dataset that failed stay where they are.
 *
 * All copies come before the ledger says so, and all deletions after: cut anywhere, a repetition finds either the source
 * or the ledger's word that it is no longer needed.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function archiveFiles(
  ports: ArchiveFilesPorts,
  { lease, batch, chunk, outcomes }: ArchiveFilesEvent,
): Promise<ArchiveFilesResult> {
  const { store, objects } = ports;
  await requireLease(store, lease);
  const manifest = await readManifest(objects, batch);
  const { verdicts } = await readVerdicts(objects, batch, chunk);
  const results = await resultsOf(objects, batch, outcomes);
  const loaded = new Set(outcomes.filter(({ status }) => status === 'LOADED').map(({ dataset }) => dataset));
  const moves = movesOf(manifest, finalVerdicts(verdicts, results), loaded);
  const items = await readFiles(
    store,
    moves.map(({ fileId }) => fileId),
  );
  const open = moves.filter(({ fileId, state }) => items.get(fileId)?.state !== state);
  await pMap(open, (move) => copyAway(ports, manifest, move), { concurrency: CONCURRENT_MOVES });
  await settle(store, lease, batch.number, open.map(settlement));
  await requireLease(store, lease);
  const gone = moves.filter(({ state }) => state !== 'FAILED');
  await pMap(gone, ({ file }) => remove(objects, manifest.landingBucket, file), {
    concurrency: CONCURRENT_MOVES,
  });
  const inState = (state: FileItem['state']): number => moves.filter((move) => move.state === state).length;
  return { archived: inState('ARCHIVED'), rejected: inState('REJECTED') };
}

function movesOf({ files }: Manifest, verdicts: readonly Verdict[], loaded: ReadonlySet<string>): Move[] {
  const byId = new Map(files.map((file) => [file.fileId, file]));
  return verdicts.flatMap((verdict): Move[] => {
    const file = byId.get(verdict.fileId);
    if (file === undefined) return [];
    const { fileId, accepted, reasons } = verdict;
    if (!accepted) {
      const state = reasons.some(({ rule }) => FAILURE_RULES.has(rule)) ? 'FAILED' : 'REJECTED';
      return [{ fileId, state, reasons, file, verdict }];
    }
    return loaded.has(file.dataset ?? '') ? [{ fileId, state: 'ARCHIVED', file, verdict }] : [];
  });
}

function settlement({ fileId, state, reasons }: Move): Settlement {
  return reasons === undefined ? { fileId, state } : { fileId, state, reasons };
}

/** Copies what was judged and loaded: the version itself, or its copy in processing/ when the version is gone since. */
async function copyAway({ objects, log }: ArchiveFilesPorts, manifest: Manifest, move: Move): Promise<void> {
  const { file, state, verdict } = move;
  if (state === 'FAILED') return;
  const bucket = manifest.landingBucket;
  const key = destinationKey(state === 'ARCHIVED' ? 'archived' : 'rejected', file, manifest.number);
  const copied =
    (await objects.copy({ bucket, key: file.key, versionId: file.versionId }, { bucket, key })) ||
    (await objects.copy({ bucket, key: file.processingKey }, { bucket, key }));
  if (!copied) log.error('nothing left to archive: version and copy were deleted', { fileId: file.fileId });
  if (state === 'REJECTED') {
    const rejection = rejectionOf(manifest, file, verdict);
    await objects.write({ bucket, key: `${key}.reasons.json` }, JSON.stringify(rejection));
  }
}

async function remove(objects: Objects, bucket: string, file: ManifestFile): Promise<void> {
  await objects.remove({ bucket, key: file.key, versionId: file.versionId });
  await objects.remove({ bucket, key: file.processingKey });
}
