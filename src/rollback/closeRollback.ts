import type { Rollback } from '../../generated/types/documents/manifest';
import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import { type Manifest, readRestoration } from '../batch/documents';
import { closeEntry } from '../ledger/entries';
import type { ControlItem, EntryItem } from '../ledger/items';
import { markRolledBack, takeBackConfirmations, takeBackFiles } from '../ledger/takeBack';
import { rollbackAlert } from '../outcome/alert';
import type { BatchFiles } from '../outcome/batchFiles';
import type { PublishOutcomePorts } from '../outcome/publishOutcome';
import { measureBatch, runsOf, writeLineage } from '../outcome/recordRuns';
import { waitingAfter } from '../outcome/orphans';
import { tablesAfter } from '../outcome/tablesAfter';

const NO_FILES: BatchFiles = { accepted: new Map(), unreadable: [], rejected: [] };

/**
 * Makes the ledger what the restored tables are, and closes the rollback. All of it follows from the manifest, so it may be
 * repeated wherever it was cut; the entry is closed last.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch, ServiceUnavailable
 */
export async function closeRollback(
  ports: PublishOutcomePorts,
  { lease, batch, outcomes }: PublishOutcomeEvent,
  {
    control,
    entry,
    manifest,
    rollback,
  }: { control: ControlItem; entry: EntryItem; manifest: Manifest; rollback: Rollback },
): Promise<PublishOutcomeResult> {
  const { store, objects, now } = ports;
  const restored = outcomes.filter(({ status }) => status === 'RESTORED');
  const restorations = await Promise.all(
    restored.map(({ dataset }) => readRestoration(objects, batch, dataset)),
  );
  await takeBackFiles(store, lease, rollback);
  await takeBackConfirmations(store, lease, manifest);
  await markRolledBack(store, lease, batch.number, rollback);
  const alert = rollbackAlert({
    ...{ entry: batch.number, rollback },
    abandonedBy:
      entry.executionArn !== lease.owner && entry.lastError === undefined ? entry.executionArn : undefined,
    unsent: control.unsent?.message,
  });
  const runs = await runsOf(ports, entry);
  const facts = { state: 'DONE' as const, results: [], validation: [] };
  await writeLineage(ports, batch, {
    ...{ ...facts, manifest, restorations, openedAt: entry.openedAt, accepted: NO_FILES.accepted, runs },
  });
  const closedAt = now();
  const seconds = Math.max(0, (closedAt.getTime() - Date.parse(entry.openedAt)) / 1000);
  await closeEntry(store, lease, {
    ...{ number: batch.number, state: 'DONE', closedAt: closedAt.toISOString(), seconds },
    jobRuns: outcomes.reduce((sum, { attempts }) => sum + attempts, 0),
    validation: [],
    tables: await tablesAfter(store, batch.number, restorations),
    orphans: waitingAfter(control, restorations),
    returned: 0,
    alert: alert.message,
  });
  measureBatch(ports, runs, {
    ...{ ...facts, closedAt, seconds, files: NO_FILES, failed: [] },
    tables: restorations.flatMap(({ tables }) => tables),
  });
  return { status: 'DONE', backOff: false, alert };
}
