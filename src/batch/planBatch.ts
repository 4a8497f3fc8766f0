import pMap from 'p-map';
import type { PlanBatchEvent } from '../../generated/types/events/planBatch';
import type { Batch } from '../../generated/types/states/batch';
import type { Lease } from '../../generated/types/states/lease';
import type { PlanBatchResult } from '../../generated/types/states/planBatch';
import { InvalidDocument, ServiceUnavailable } from '../errors';
import { datasetsToRestore } from '../gate/withdrawal';
import type { Log } from '../lambda/lambda';
import { openEntry, readEntry } from '../ledger/entries';
import { claim, pendingFiles, readFiles } from '../ledger/files';
import type { ControlItem, FileItem } from '../ledger/items';
import { requireLease } from '../ledger/lease';
import { MAX_COPY_BYTES, type Objects, uri } from '../objects/objects';
import { datasetsOf, type ServingSettings } from '../request/openOperation';
import { serveRequest } from '../request/serveRequest';
import type { Store } from '../store/store';
import { readManifest, writeManifest } from './documents';
import { describeBatch, expiryDue, redriveDue } from './due';
import { keptCopy } from './keptCopy';
import { composeManifest, processingKey } from './manifest';
import { type Limits, selectFiles } from './select';
import { secondsToSettle, type SettlePolicy } from './settle';

export interface PlanBatchPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly now: () => Date;
  readonly log: Log;
}

export type PlanBatchSettings = ServingSettings & Limits & SettlePolicy;

const CONCURRENT_COPIES = 16;
/** Pending files that are looked at, in entries' worths: enough to find some beside a large isolated group. */
const ENTRIES_AHEAD = 10;

/**
 * The entry to work on: the open one, or a new one for the request that waits, or with the files that have arrived, once they
 * have settled or would fill it.
 *
 * Cut anywhere, it can be repeated: before the entry is open nothing but copies and an unused manifest exists, and
 * afterwards the same entry is returned and its files are claimed again. One that is being withdrawn is returned as such.
 *
 * @throws LeaseLost, InvalidDocument, ManifestMismatch, DocumentMissing
 */
export async function planBatch(
  ports: PlanBatchPorts,
  settings: PlanBatchSettings,
  { lease, startedAt }: PlanBatchEvent,
): Promise<PlanBatchResult> {
  const control = await requireLease(ports.store, lease);
  if (control.openEntry !== undefined) {
    return resume(ports, settings, lease, control, control.openEntry);
  }
  const served = await serveRequest({ ports, settings, lease, control });
  if (served !== undefined) return served;
  const now = ports.now();
  const wait = settling(settings, control, startedAt, now);
  if (wait > 0) return { status: 'SETTLING', waitSeconds: wait };
  const pending = await pendingFiles(ports.store, settings.maxFiles * ENTRIES_AHEAD);
  if (pending.length === 0) {
    requireConsistent(control);
    const overdue = [...expiryDue(control, now, settings.orphanMaxAgeDays), ...redriveDue(control)];
    if (overdue.length === 0) return { status: 'NOTHING' };
  }
  const { fileIds, isolation } = selectFiles(pending, settings, control.nextNumber);
  const known = await readFiles(ports.store, fileIds);
  const files = fileIds.flatMap((fileId) => known.get(fileId) ?? []);
  await copyToProcessing(ports, settings.landingBucket, files);
  return { status: 'PLANNED', batch: await open(ports, settings, lease, { control, files, isolation, now }) };
}

/** Seconds to wait for more files: none where nothing waits, or where as many wait as an entry may take. */
function settling(policy: SettlePolicy & Limits, control: ControlItem, startedAt: string, now: Date): number {
  const waiting = control.arrived - control.planned;
  if (waiting <= 0 || waiting >= policy.maxFiles) return 0;
  const lastArrivedAt = new Date(control.lastArrivedAt ?? startedAt);
  return secondsToSettle(policy, { lastArrivedAt, startedAt: new Date(startedAt), now });
}

/** Files that count as arrived but wait nowhere would make executions hand over to each other for ever. */
function requireConsistent({ arrived, planned }: ControlItem): void {
  if (arrived === planned) return;
  throw new InvalidDocument(
    `The ledger counts ${arrived} arrived and ${planned} planned files, but none is pending: it was changed by hand or ` +
      'restored in part. Restore the whole table to one moment.',
  );
}

/**
 * Copies each version, from wherever it is kept, under its file id: Spark cannot read a version, and an overwrite must not move the source. A
 * version that is gone or too large gets no copy; the header check then says so of that file alone.
 */
async function copyToProcessing(
  { objects, log }: PlanBatchPorts,
  bucket: string,
  files: readonly FileItem[],
): Promise<void> {
  const copy = async (file: FileItem): Promise<void> => {
    if (file.size > MAX_COPY_BYTES) return;
    const { fileId, key, versionId } = file;
    const copied = await objects.copy(keptCopy(bucket, file), { bucket, key: processingKey(fileId) });
    if (!copied) log.warn('the version is gone before it was loaded', { fileId, key, versionId });
  };
  await pMap(files, copy, { concurrency: CONCURRENT_COPIES });
}

async function open(
  ports: PlanBatchPorts,
  settings: PlanBatchSettings,
  lease: Lease,
  plan: { control: ControlItem; files: FileItem[]; isolation: Record<string, string>; now: Date },
): Promise<Batch> {
  const { control, files, isolation } = plan;
  const manifest = await composeManifest(ports, settings, { control, files, plannedAt: plan.now });
  const { location, hash } = await writeManifest(ports.objects, manifest);
  const opened = await openEntry(ports.store, lease, {
    ...{
      number: manifest.number,
      manifestKey: location.key,
      manifestHash: hash,
      openedAt: manifest.plannedAt,
    },
    ...{ kind: 'load', executionArn: lease.owner, files: files.length, isolation },
    datasets: [...new Set(files.map((file) => file.dataset))].sort(),
  });
  if (!opened)
    throw new ServiceUnavailable(`Batch ${manifest.number} was opened meanwhile; planning is tried again`);
  ports.log.info('planned', { batch: manifest.number, files: files.length, isolation });
  await claim(
    ports.store,
    lease,
    manifest.number,
    files.map(({ fileId }) => fileId),
  );
  return describeBatch(manifest, uri(location), hash, control, settings.workers);
}

async function resume(
  { store, objects, log }: PlanBatchPorts,
  { artefactsBucket, workers }: PlanBatchSettings,
  lease: Lease,
  control: ControlItem,
  number: number,
): Promise<PlanBatchResult> {
  const entry = await readEntry(store, number);
  const { manifestKey, manifestHash } = entry;
  const location = { bucket: artefactsBucket, key: manifestKey };
  const manifest = await readManifest(objects, { manifest: uri(location), manifestHash, number, prefix: '' });
  const batch = describeBatch(manifest, uri(location), manifestHash, control, workers);
  log.info('resumed', { batch: number, state: entry.state });
  if (entry.state === 'WITHDRAWING') {
    const { validation = [] } = entry;
    return { status: 'OPERATING', batch, datasets: datasetsToRestore(entry), validation };
  }
  const datasets = datasetsOf(manifest);
  if (datasets !== undefined) return { status: 'OPERATING', batch, datasets, validation: [] };
  await claim(
    store,
    lease,
    number,
    manifest.files.map(({ fileId }) => fileId),
  );
  return { status: 'PLANNED', batch };
}
