import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import type { Outcome } from '../../generated/types/states/outcome';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import { type JobResult, type Manifest, type ManifestFile, readManifest } from '../batch/documents';
import { closeErasure } from '../erasure/closeErasure';
import type { Retention } from '../erasure/certificate';
import { closeWithdrawal } from '../gate/closeWithdrawal';
import { closeRollback } from '../rollback/closeRollback';
import { closeMaintenance } from '../maintenance/closeMaintenance';
import { closeEntry, confirm, isolationError, readEntry, recordIsolationError } from '../ledger/entries';
import { bookRedriven, bookRows, putBack, readFiles, rejoin, settle } from '../ledger/files';
import { type ControlItem, type EntryItem } from '../ledger/items';
import { requireLease } from '../ledger/lease';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { resultsOf } from '../verdict/finalVerdicts';
import { alertOf, alertWith } from './alert';
import { type BatchFiles, batchFiles } from './batchFiles';
import { isolate, type Isolation, otherHalfOf } from './isolate';
import { orphansAfter } from './orphans';
import { measureBatch, type RecordingPorts, runsOf, writeLineage } from './recordRuns';
import { accountedRows, unaccounted } from './rows';
import { tablesAfter } from './tablesAfter';

export interface PublishOutcomePorts extends RecordingPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly now: () => Date;
  readonly stage: string;
  /** How long what an erasure does not reach is kept. */
  readonly retention: Retention;
}

/** A dataset that did not load, and what becomes of its files. */
interface Failure extends Isolation {
  readonly outcome: Outcome;
  readonly error: string;
  readonly group: string | undefined;
  readonly files: readonly ManifestFile[];
}

/**
 * Books the results of a batch and closes its entry. Everything before the close may happen again; once the entry is
 * closed a repetition only tells the same outcome.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch, RowsUnaccounted
 */
export async function publishOutcome(
  ports: PublishOutcomePorts,
  event: PublishOutcomeEvent,
): Promise<PublishOutcomeResult> {
  const { store, objects } = ports;
  const { batch, lease, outcomes, validation } = event;
  const control = await requireLease(store, lease);
  const entry = await readEntry(store, batch.number);
  if (entry.state === 'WITHDRAWING') return closeWithdrawal(ports, event, control, entry);
  const manifest = await readManifest(objects, batch);
  if (manifest.rollback !== undefined && entry.state === 'OPEN')
    return closeRollback(ports, event, { control, entry, manifest, rollback: manifest.rollback });
  if (manifest.maintenance !== undefined && entry.state === 'OPEN')
    return closeMaintenance(ports, event, { control, entry, manifest });
  if (manifest.erasure !== undefined && entry.state === 'OPEN')
    return closeErasure(ports, event, { control, entry, manifest, erasure: manifest.erasure });
  const files = await batchFiles(objects, batch, manifest);
  const results = await resultsOf(objects, batch, outcomes);
  const lost = outcomes.filter(
    ({ status }) => manifest.kind === 'load' && (status === 'FAILED' || status === 'STALLED'),
  );
  const failures = await Promise.all(lost.map((outcome) => failureOf(store, entry, files, outcome)));
  const backOff = failures.some((failure) => failure.backOff);
  if (entry.state !== 'OPEN') {
    // Read anew: an attempt whose answer was lost may have closed the entry after the control item was read above.
    const { unsent } = await requireLease(store, lease);
    return {
      status: entry.state === 'ROLLED_BACK' ? 'DONE' : entry.state,
      backOff,
      alert: unsent ? alertWith(batch.number, unsent.message) : null,
    };
  }
  const violated = validation.filter(({ violations }) => violations > 0);
  const status = failures.length > 0 || violated.length > 0 ? 'FAILED' : 'DONE';
  const alert = alertOf({
    batch: batch.number,
    failedDatasets: lost,
    violated,
    expired: results.flatMap(({ dataset, orphans }) =>
      orphans !== null && orphans.expired > 0 ? [{ dataset, rows: orphans.expired }] : [],
    ),
    failedFiles: [...files.unreadable, ...failures.flatMap(failedFiles)],
    backOff,
    // an execution that could report has left its error on the entry
    abandonedBy:
      entry.executionArn !== lease.owner && entry.lastError === undefined ? entry.executionArn : undefined,
    unsent: control.unsent?.message,
  });
  ports.measure(
    results.map((result) => ({
      name: 'RowsUnaccounted',
      value: unaccounted(result, fileIdsOf(files, result.dataset)),
      dataset: result.dataset,
    })),
  );
  await bookResults(store, event, manifest, results, files);
  await setApart(store, event, failures);
  const runs = await runsOf(ports, entry);
  await writeLineage(ports, batch, {
    ...{ manifest, state: status, openedAt: entry.openedAt, accepted: files.accepted, runs },
    ...{ results, restorations: [], validation },
  });
  const closed = await close(ports, event, {
    control,
    entry,
    results,
    failures,
    status,
    alert: alert?.message,
  });
  measureBatch(ports, runs, {
    ...{ state: status, ...closed, files, results, validation },
    tables: results.flatMap(({ tables }) => tables),
    failed: failures.flatMap(({ failed, files: ofDataset }) =>
      ofDataset.filter(({ fileId }) => failed.includes(fileId)),
    ),
  });
  return { status, backOff, alert };
}

async function failureOf(
  store: Store,
  entry: EntryItem,
  { accepted }: BatchFiles,
  outcome: Outcome,
): Promise<Failure> {
  const candidates = accepted.get(outcome.dataset) ?? [];
  const items = await readFiles(
    store,
    candidates.map(({ fileId }) => fileId),
  );
  // an earlier execution may have loaded and moved some before it was cut off
  const moved = new Set(['ARCHIVED', 'REJECTED']);
  const files = candidates.filter(({ fileId }) => !moved.has(items.get(fileId)?.state ?? ''));
  const group = entry.isolation?.[outcome.dataset];
  const error = outcome.failure?.name ?? 'JobInterrupted';
  const otherHalf =
    group === undefined ? undefined : await isolationError(store, outcome.dataset, otherHalfOf(group));
  const fileIds = files.map(({ fileId }) => fileId);
  return {
    ...isolate({ batch: entry.number, fileIds, group, error, otherHalf }),
    outcome,
    error,
    group,
    files,
  };
}

async function bookResults(
  store: Store,
  { lease, batch }: PublishOutcomeEvent,
  manifest: Manifest,
  results: readonly JobResult[],
  batchFiles: BatchFiles,
): Promise<void> {
  for (const result of results) {
    const { files, redriven } = accountedRows(result, fileIdsOf(batchFiles, result.dataset));
    await bookRows(store, lease, batch.number, files);
    await bookRedriven(store, lease, batch.number, redriven);
    const before = manifest.confirmations[result.dataset] ?? {};
    const newer = Object.entries(result.confirmations).filter(
      ([fileId, sequence]) => compareBytes(sequence, before[fileId] ?? '') > 0,
    );
    await confirm(store, lease, batch.number, result.dataset, Object.fromEntries(newer));
  }
}

function fileIdsOf({ accepted }: BatchFiles, dataset: string): string[] {
  return (accepted.get(dataset) ?? []).map(({ fileId }) => fileId);
}

/** Sequences are compared as UTF-8, as Spark does; JavaScript compares UTF-16. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function setApart(
  store: Store,
  { lease, batch }: PublishOutcomeEvent,
  failures: readonly Failure[],
): Promise<void> {
  for (const { outcome, error, group, failed, waiting, backOff } of failures) {
    if (group !== undefined) {
      await recordIsolationError(store, lease, {
        dataset: outcome.dataset,
        group,
        error,
        batch: batch.number,
      });
    }
    const reasons = [{ rule: error, column: null, message: messageOf(outcome) }];
    await settle(
      store,
      lease,
      batch.number,
      failed.map((fileId) => ({ fileId, state: 'FAILED', reasons })),
    );
    await putBack(store, lease, batch.number, waiting);
    if (backOff && group !== undefined) await rejoin(store, lease, outcome.dataset, otherHalfOf(group));
  }
}

async function close(
  { store, now }: PublishOutcomePorts,
  { lease, batch, outcomes, validation }: PublishOutcomeEvent,
  known: {
    control: ControlItem;
    entry: EntryItem;
    results: readonly JobResult[];
    failures: readonly Failure[];
    status: 'DONE' | 'FAILED';
    alert: string | undefined;
  },
): Promise<{ closedAt: Date; seconds: number }> {
  const { control, entry, results, failures, status, alert } = known;
  const closedAt = now();
  const seconds = Math.max(0, (closedAt.getTime() - Date.parse(entry.openedAt)) / 1000);
  await closeEntry(store, lease, {
    number: batch.number,
    state: status,
    closedAt: closedAt.toISOString(),
    seconds,
    jobRuns: outcomes.reduce((runs, { attempts }) => runs + attempts, 0),
    validation,
    tables: await tablesAfter(store, batch.number, results),
    orphans: orphansAfter(control, results, outcomes),
    returned: failures.reduce((files, { waiting }) => files + waiting.size, 0),
    alert,
  });
  return { closedAt, seconds };
}

function failedFiles({ outcome, failed, files }: Failure): { key: string; reason: string }[] {
  return files
    .filter(({ fileId }) => failed.includes(fileId))
    .map(({ key }) => ({ key, reason: messageOf(outcome) }));
}

function messageOf({ failure }: Outcome): string {
  return failure?.message ?? 'The job ended without a reason';
}
