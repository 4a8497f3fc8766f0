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
import { keptCopy } from '../batch/keptCopy';
import type { Log } from '../lambda/lambda';
import { readFiles, settle, type Settlement } from '../ledger/files';
import type { FileItem } from '../ledger/items';
import { requireLease } from '../ledger/lease';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { FAILURE_RULES } from '../verdict/judgeFile';
import { finalVerdicts, resultsOf } from '../verdict/finalVerdicts';
import { destinationKey, reasonsKey, rejectionOf, tagsOf } from './destination';

export interface ArchiveFilesPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly log: Log;
}

/** A file that is put away, or that is given up where it lies. */
interface Move {
  readonly file: ManifestFile;
  readonly verdict: Verdict;
  readonly settlement: Settlement;
  /** Its job took lines of people who were erased out of the working copy. */
  readonly cleaned: boolean;
}

const CONCURRENT_MOVES = 16;

/**
 * Moves the files of a chunk to where they are kept: loaded ones to archived/, refused ones to rejected/ with their
 * reasons. A replayed file leaves the place that an earlier batch gave it, so that one copy remains. Files of a dataset
 * that failed stay where they are, and so do those of a batch that is withdrawn.
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
  const withdrawn = outcomes.some(({ status }) => status === 'RESTORED');
  const items = await readFiles(
    store,
    verdicts.map(({ fileId }) => fileId),
  );
  // loaded by an execution that was cut off, though the job fails now: what it left behind still has to go
  const isPutAway = ({ fileId }: ManifestFile): boolean => items.get(fileId)?.state === 'ARCHIVED';
  const isLoaded = (file: ManifestFile): boolean => loaded.has(file.dataset ?? '') || isPutAway(file);
  const cleaned = new Set(
    results.flatMap(({ files }) =>
      files.filter(({ rows }) => (rows.erased ?? 0) > 0).map(({ fileId }) => fileId),
    ),
  );
  const moves = movesOf(manifest, finalVerdicts(verdicts, results), isLoaded, withdrawn).map((move) => ({
    ...move,
    cleaned: cleaned.has(move.file.fileId),
  }));
  const open = moves.filter(({ settlement }) => items.get(settlement.fileId)?.state !== settlement.state);
  await pMap(open, (move) => copyAway(ports, manifest, move), { concurrency: CONCURRENT_MOVES });
  await settle(
    store,
    lease,
    batch.number,
    open.map(({ settlement }) => settlement),
  );
  await requireLease(store, lease);
  const gone = moves.filter(({ settlement }) => settlement.state !== 'FAILED');
  await pMap(gone, (move) => remove(objects, manifest.landingBucket, move), {
    concurrency: CONCURRENT_MOVES,
  });
  const inState = (state: FileItem['state']): number =>
    moves.filter(({ settlement }) => settlement.state === state).length;
  return { archived: inState('ARCHIVED'), rejected: inState('REJECTED') };
}

function movesOf(
  manifest: Manifest,
  verdicts: readonly Verdict[],
  isLoaded: (file: ManifestFile) => boolean,
  withdrawn: boolean,
): Omit<Move, 'cleaned'>[] {
  const byId = new Map(manifest.files.map((file) => [file.fileId, file]));
  return verdicts.flatMap((verdict): Omit<Move, 'cleaned'>[] => {
    const file = byId.get(verdict.fileId);
    if (file === undefined) return [];
    const settlement =
      withdrawn && verdict.accepted ? takenBack(file) : settlementOf(manifest, file, verdict, isLoaded);
    return settlement === undefined ? [] : [{ file, verdict, settlement }];
  });
}

/** A file that an earlier batch loaded is as it was: the tables hold its rows again, and it lies where it lay. */
function takenBack({ fileId, loaded, location }: ManifestFile): Settlement {
  if (loaded === null) return { fileId, state: 'WITHDRAWN' };
  return { fileId, state: location?.startsWith('rejected/') === true ? 'REJECTED' : 'ARCHIVED' };
}

function settlementOf(
  { number, plannedAt }: Manifest,
  file: ManifestFile,
  { accepted, reasons }: Verdict,
  isLoaded: (file: ManifestFile) => boolean,
): Settlement | undefined {
  const { fileId } = file;
  if (accepted) {
    if (!isLoaded(file)) return undefined;
    const firstLoadedAt = file.loaded?.firstAt ?? plannedAt;
    return { fileId, state: 'ARCHIVED', location: destinationKey('archived', file, number), firstLoadedAt };
  }
  if (reasons.some(({ rule }) => FAILURE_RULES.has(rule))) return { fileId, state: 'FAILED', reasons };
  return { fileId, state: 'REJECTED', reasons, location: destinationKey('rejected', file, number) };
}

/**
 * Copies what was judged and loaded: the kept copy itself, or its copy in processing/ when the former is gone since. Of a cleaned
 * file the copy in processing/ comes first.
 */
async function copyAway({ objects, log }: ArchiveFilesPorts, manifest: Manifest, move: Move): Promise<void> {
  const { file, verdict } = move;
  const { state, location: key } = move.settlement;
  if (key === undefined) return;
  const bucket = manifest.landingBucket;
  const tags = tagsOf(file);
  const copies = [keptCopy(bucket, file), { bucket, key: file.processingKey }];
  let copied = false;
  for (const copy of move.cleaned ? copies.toReversed() : copies)
    copied = copied || (await objects.copy(copy, { bucket, key }, tags));
  if (!copied) log.error('nothing left to archive: version and copy were deleted', { fileId: file.fileId });
  if (state === 'REJECTED') {
    const rejection = rejectionOf(manifest, file, verdict);
    await objects.write({ bucket, key: reasonsKey(key) }, JSON.stringify(rejection));
  }
}

async function remove(objects: Objects, bucket: string, { file, settlement }: Move): Promise<void> {
  if (settlement.location !== undefined) {
    await objects.remove(keptCopy(bucket, file));
    if (file.location?.startsWith('rejected/') === true)
      await objects.remove({ bucket, key: reasonsKey(file.location) });
  }
  await objects.remove({ bucket, key: file.processingKey });
}
