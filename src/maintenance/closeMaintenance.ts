import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import { type Manifest, readUpkeep } from '../batch/documents';
import { closeEntry } from '../ledger/entries';
import type { ControlItem, EntryItem } from '../ledger/items';
import { maintenanceMeasurements } from '../metrics/maintenanceMeasurements';
import { maintenanceAlert } from '../outcome/alert';
import type { BatchFiles } from '../outcome/batchFiles';
import type { PublishOutcomePorts } from '../outcome/publishOutcome';
import { measureBatch, runsOf, writeLineage } from '../outcome/recordRuns';
import { tablesAfter } from '../outcome/tablesAfter';

const NO_FILES: BatchFiles = { accepted: new Map(), unreadable: [], rejected: [] };

/**
 * Closes maintenance with what was done to each table. It is FAILED when the job of a dataset failed, and closed all the same: files
 * that wait must not wait for it, and what is left is done the next time.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function closeMaintenance(
  ports: PublishOutcomePorts,
  { lease, batch, outcomes }: PublishOutcomeEvent,
  { control, entry, manifest }: { control: ControlItem; entry: EntryItem; manifest: Manifest },
): Promise<PublishOutcomeResult> {
  const { store, objects, now, measure } = ports;
  const done = outcomes.filter(({ status }) => status === 'MAINTAINED');
  const failed = outcomes.filter(({ status }) => status !== 'MAINTAINED');
  const upkeeps = await Promise.all(done.map(({ dataset }) => readUpkeep(objects, batch, dataset)));
  const state = failed.length === 0 ? ('DONE' as const) : ('FAILED' as const);
  const alert = maintenanceAlert({
    ...{ batch: batch.number, failedDatasets: failed, unsent: control.unsent?.message },
    abandonedBy:
      entry.executionArn !== lease.owner && entry.lastError === undefined ? entry.executionArn : undefined,
  });
  const runs = await runsOf(ports, entry);
  const facts = { state, results: [], validation: [] };
  await writeLineage(ports, batch, {
    ...{ ...facts, manifest, openedAt: entry.openedAt, accepted: NO_FILES.accepted, runs },
    restorations: upkeeps,
  });
  const closedAt = now();
  const seconds = Math.max(0, (closedAt.getTime() - Date.parse(entry.openedAt)) / 1000);
  await closeEntry(store, lease, {
    ...{ number: batch.number, state, closedAt: closedAt.toISOString(), seconds },
    jobRuns: outcomes.reduce((sum, { attempts }) => sum + attempts, 0),
    validation: [],
    tables: await tablesAfter(store, batch.number, upkeeps),
    orphans: control.orphans ?? {},
    returned: 0,
    maintenance: upkeeps.flatMap(({ maintained }) => maintained),
    alert: alert?.message,
  });
  measureBatch(ports, runs, {
    ...{ ...facts, closedAt, seconds, files: NO_FILES, failed: [] },
    tables: upkeeps.flatMap(({ tables }) => tables),
  });
  measure(maintenanceMeasurements(upkeeps));
  return { status: state, backOff: false, alert };
}
