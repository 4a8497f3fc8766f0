import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import { readManifest, readRestoration } from '../batch/documents';
import { closeEntry } from '../ledger/entries';
import type { ControlItem, EntryItem } from '../ledger/items';
import { withdrawalAlert } from '../outcome/alert';
import { batchFiles } from '../outcome/batchFiles';
import { measureBatch, runsOf, writeLineage } from '../outcome/recordRuns';
import { orphansAfterWithdrawal } from '../outcome/orphans';
import type { PublishOutcomePorts } from '../outcome/publishOutcome';
import { tablesAfter } from '../outcome/tablesAfter';
import { resultsOf } from '../verdict/finalVerdicts';
import { newlyViolated } from './decide';
import { withdrawalOf } from './withdrawal';

/**
 * Closes an entry whose tables are restored and whose files are WITHDRAWN. Nothing of its results is booked: no rows, no
 * changed counts of earlier files, no confirmations, and orphans wait as they did,
 * held back when the entry was of them alone.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function closeWithdrawal(
  ports: PublishOutcomePorts,
  { lease, batch, outcomes }: PublishOutcomeEvent,
  control: ControlItem,
  entry: EntryItem,
): Promise<PublishOutcomeResult> {
  const { store, objects, now } = ports;
  const { validation = [] } = entry;
  const { before, outcomes: loads } = withdrawalOf(entry);
  const restored = outcomes.filter(({ status }) => status === 'RESTORED');
  const restorations = await Promise.all(
    restored.map(({ dataset }) => readRestoration(objects, batch, dataset)),
  );
  const manifest = await readManifest(objects, batch);
  const files = await batchFiles(objects, batch, manifest);
  const alert = withdrawalAlert({
    batch: batch.number,
    files: entry.files,
    violated: newlyViolated(validation, before),
    failedDatasets: loads.filter(({ status }) => status === 'FAILED'),
    failedFiles: files.unreadable,
    abandonedBy:
      entry.executionArn !== lease.owner && entry.lastError === undefined ? entry.executionArn : undefined,
    unsent: control.unsent?.message,
  });
  const runs = await runsOf(ports, entry);
  await writeLineage(ports, batch, {
    ...{ manifest, state: 'WITHDRAWN', openedAt: entry.openedAt, accepted: files.accepted, runs },
    ...{ results: await resultsOf(objects, batch, loads), restorations, validation },
  });
  const closedAt = now();
  const seconds = Math.max(0, (closedAt.getTime() - Date.parse(entry.openedAt)) / 1000);
  await closeEntry(store, lease, {
    number: batch.number,
    state: 'WITHDRAWN',
    closedAt: closedAt.toISOString(),
    seconds,
    jobRuns: [...loads, ...outcomes].reduce((runs, { attempts }) => runs + attempts, 0),
    validation,
    tables: await tablesAfter(store, batch.number, restorations),
    orphans: orphansAfterWithdrawal(control, entry),
    returned: 0,
    alert: alert.message,
  });
  measureBatch(ports, runs, {
    ...{ state: 'WITHDRAWN', closedAt, seconds, files, failed: [], results: [], validation },
    tables: restorations.flatMap(({ tables }) => tables),
  });
  return { status: 'WITHDRAWN', backOff: false, alert };
}
