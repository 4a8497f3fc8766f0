import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import { type Manifest, readUpkeep, type Upkeep } from '../batch/documents';
import { violationsBefore } from '../gate/decide';
import { closeEntry } from '../ledger/entries';
import { type ControlItem, type EntryItem, type Gate, keys, read } from '../ledger/items';
import { maintenanceMeasurements } from '../metrics/maintenanceMeasurements';
import { maintenanceAlert } from '../outcome/alert';
import type { BatchFiles } from '../outcome/batchFiles';
import type { PublishOutcomePorts } from '../outcome/publishOutcome';
import { measureBatch, runsOf, writeLineage } from '../outcome/recordRuns';
import { tablesAfter } from '../outcome/tablesAfter';
import type { Store } from '../store/store';

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
    ...(await judged(store, manifest, upkeeps)),
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

/**
 * No row has changed, so the tables hold the violations that they held: the next batch answers for what it adds to that. Of a
 * table whose job failed the version is not known for sure; should it differ, the gate knows of no violations before.
 */
async function judged(
  store: Store,
  { number, tables }: Manifest,
  upkeeps: readonly Upkeep[],
): Promise<{ gate: Gate; validation: Gate['before'] }> {
  const previous = await store.get(keys.entry(number - 1));
  const before = violationsBefore(tables, previous === undefined ? undefined : read.entry(previous), []);
  const after = upkeeps.flatMap((upkeep) =>
    upkeep.tables.map(({ name, version }) => [name, version] as const),
  );
  const gate = { decision: 'PUBLISH', tables: { ...tables, ...Object.fromEntries(after) }, before } as const;
  return { gate, validation: [...before] };
}
