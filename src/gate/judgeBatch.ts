import type { JudgeBatchEvent } from '../../generated/types/events/judgeBatch';
import type { JudgeBatchResult } from '../../generated/types/states/judgeBatch';
import { readManifest } from '../batch/documents';
import { tableVersions } from '../delta/tableVersion';
import { ServiceUnavailable } from '../errors';
import type { Log } from '../lambda/lambda';
import { readEntry, recordGate } from '../ledger/entries';
import { type EntryItem, type Gate } from '../ledger/items';
import { requireLease } from '../ledger/lease';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { resultsOf } from '../verdict/finalVerdicts';
import { newlyViolated, tablesToRestore, violationsBefore } from './decide';
import { datasetsToRestore } from './withdrawal';

export interface JudgeBatchPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly log: Log;
}

export interface GatePolicy {
  readonly warehouseBucket: string;
  /** What becomes of a batch that brings violations: its tables return to what they were, or somebody is told. */
  readonly onViolation: 'withdraw' | 'alert';
}

/**
 * The publish gate: decides whether the batch stays in the tables, and writes the decision down before anything follows
 * from it. Asked again it gives the same answer, whatever the validation or the policy say meanwhile: files may be
 * archived, or tables restored, since.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function judgeBatch(
  ports: JudgeBatchPorts,
  policy: GatePolicy,
  event: JudgeBatchEvent,
): Promise<JudgeBatchResult> {
  const { store, log } = ports;
  const { lease, batch, validation } = event;
  await requireLease(store, lease);
  const entry = await readEntry(store, batch.number);
  if (entry.gate !== undefined) return answer(entry);
  const gate = await decide(ports, policy, event);
  if (!(await recordGate(store, lease, batch.number, gate, validation)))
    throw new ServiceUnavailable(`Batch ${batch.number} was judged meanwhile; it is asked again`);
  log.info('judged', { batch: batch.number, decision: gate.decision });
  return answer({ ...entry, gate });
}

async function decide(
  { objects }: JudgeBatchPorts,
  { warehouseBucket, onViolation }: GatePolicy,
  { batch, outcomes, validation }: JudgeBatchEvent,
): Promise<Gate> {
  const { tables: pinned } = await readManifest(objects, batch);
  const restore = tablesToRestore(pinned, await tableVersions(objects, warehouseBucket));
  const before = violationsBefore(await resultsOf(objects, batch, outcomes));
  // a batch that has changed nothing has brought nothing
  const guilty = newlyViolated(validation, before).length > 0 && Object.keys(restore).length > 0;
  return guilty && onViolation === 'withdraw'
    ? { decision: 'WITHDRAW', tables: {}, before, restore, outcomes }
    : { decision: 'PUBLISH', tables: {}, before };
}

function answer(entry: EntryItem): JudgeBatchResult {
  return entry.gate?.decision === 'WITHDRAW'
    ? { status: 'WITHDRAW', datasets: datasetsToRestore(entry) }
    : { status: 'PUBLISH' };
}
