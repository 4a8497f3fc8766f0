import type { Certificate } from '../../generated/types/documents/certificate';
import type { ErasedDataset } from '../../generated/types/documents/erasedDataset';
import type { Erasure } from '../../generated/types/documents/manifest';
import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import { type Manifest, readErasedDataset, readErasedObjects } from '../batch/documents';
import { closeEntry } from '../ledger/entries';
import { bury } from '../ledger/erasures';
import { bookRedriven, readFiles } from '../ledger/files';
import type { ControlItem, EntryItem } from '../ledger/items';
import { type Rows, sum } from '../ledger/rows';
import { parseUri } from '../objects/objects';
import { maintenanceAlert } from '../outcome/alert';
import type { BatchFiles } from '../outcome/batchFiles';
import { waitingAfter } from '../outcome/orphans';
import type { PublishOutcomePorts } from '../outcome/publishOutcome';
import { measureBatch, runsOf, writeLineage } from '../outcome/recordRuns';
import { tablesAfter } from '../outcome/tablesAfter';
import { certificateLocation, exceptionsOf } from './certificate';

const NO_FILES: BatchFiles = { accepted: new Map(), unreadable: [], rejected: [] };

/**
 * Keeps the person out from here on, makes the counts of files what the tables are, writes the certificate and closes the
 * erasure. All of it follows from the documents of the entry, so it may be repeated wherever it was cut; the entry is closed last.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch, ServiceUnavailable
 */
export async function closeErasure(
  ports: PublishOutcomePorts,
  { lease, batch, outcomes }: PublishOutcomeEvent,
  facts: { control: ControlItem; entry: EntryItem; manifest: Manifest; erasure: Erasure },
): Promise<PublishOutcomeResult> {
  const { store, objects, now } = ports;
  const { control, entry, manifest, erasure } = facts;
  const { number } = batch;
  const done = await Promise.all(
    outcomes
      .filter(({ status }) => status === 'ERASED')
      .map(({ dataset }) => readErasedDataset(objects, batch, dataset)),
  );
  const closedAt = now();
  await bury(store, lease, { digest: erasure.digest, entry: number, now: closedAt });
  for (const { redriven } of done) await bookRedriven(store, lease, number, await bookable(store, redriven));
  const certificate = certificateOf(facts, done, await readErasedObjects(objects, batch), closedAt, ports);
  const location = certificateLocation(parseUri(batch.prefix).bucket, number);
  await objects.write(location, JSON.stringify(certificate, null, 2));
  const alert = maintenanceAlert({
    ...{ batch: number, failedDatasets: [], unsent: control.unsent?.message },
    abandonedBy:
      entry.executionArn !== lease.owner && entry.lastError === undefined ? entry.executionArn : undefined,
  });
  const runs = await runsOf(ports, entry);
  const outcome = { state: 'DONE' as const, results: [], validation: [] };
  await writeLineage(ports, batch, {
    ...{ ...outcome, manifest, openedAt: entry.openedAt, accepted: NO_FILES.accepted, runs },
    restorations: done,
  });
  const seconds = Math.max(0, (closedAt.getTime() - Date.parse(entry.openedAt)) / 1000);
  await closeEntry(store, lease, {
    ...{ number, state: 'DONE', closedAt: closedAt.toISOString(), seconds, certificate: location.key },
    jobRuns: outcomes.reduce((sum, { attempts }) => sum + attempts, 0),
    validation: [],
    tables: await tablesAfter(store, number, done),
    orphans: waitingAfter(control, done),
    returned: 0,
    alert: alert?.message,
  });
  measureBatch(ports, runs, {
    ...{ ...outcome, closedAt, seconds, files: NO_FILES, failed: [] },
    tables: done.flatMap(({ tables }) => tables),
  });
  return { status: 'DONE', backOff: false, alert };
}

/** Of a file whose counts are not what the tables held (a batch failed half-way), nothing is booked: no count is below 0. */
async function bookable(
  store: PublishOutcomePorts['store'],
  redriven: ErasedDataset['redriven'],
): Promise<Map<string, Rows>> {
  const files = await readFiles(
    store,
    redriven.map(({ fileId }) => fileId),
  );
  const fits = ({ fileId, rows: change }: ErasedDataset['redriven'][number]): boolean => {
    const rows = files.get(fileId)?.rows;
    return rows !== undefined && Object.values(sum(rows, change)).every((count) => count >= 0);
  };
  return new Map(redriven.filter(fits).map(({ fileId, rows }) => [fileId, rows]));
}

function certificateOf(
  { entry, erasure }: { entry: EntryItem; erasure: Erasure },
  done: readonly ErasedDataset[],
  objects: Certificate['objects'],
  closedAt: Date,
  { stage, retention }: Pick<PublishOutcomePorts, 'stage' | 'retention'>,
): Certificate {
  const unsearchable = done.flatMap((dataset) => dataset.unsearchable);
  return {
    ...{ stage, entry: entry.number, digest: erasure.digest },
    ...{ openedAt: entry.openedAt, closedAt: closedAt.toISOString() },
    tables: done.flatMap(({ erased }) => erased),
    files: done.flatMap(({ files }) => files),
    ...{ unsearchable, objects, exceptions: exceptionsOf(closedAt, retention, unsearchable) },
  };
}
