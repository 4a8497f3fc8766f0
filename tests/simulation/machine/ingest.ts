import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { Outcome } from '../../../generated/types/states/outcome';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { planBatch } from '../../../src/batch/planBatch';
import { acquireLease } from '../../../src/lease/acquireLease';
import { releaseLease } from '../../../src/lease/releaseLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { checkHeaders } from '../../../src/verdict/checkHeaders';
import { JOB_PREFIX } from '../cloud/glue';
import type { Cloud } from '../cloud/cloud';
import type { Execution } from '../cloud/executions';
import { load } from './load';
import { task } from './task';

/** What an execution knows when something goes wrong. */
interface Progress {
  lease?: Lease;
  batch?: Batch;
}

/** The states of state-machine/ingest.asl.yml, up to the catalog and the validation, which decide nothing here. */
export async function ingest(cloud: Cloud, execution: Execution): Promise<'SUCCEEDED' | 'FAILED'> {
  const progress: Progress = {};
  try {
    return await ingestBatch(cloud, execution, progress);
  } catch (error) {
    await stop(cloud, execution, progress, error);
    return 'FAILED';
  }
}

async function ingestBatch(
  cloud: Cloud,
  execution: Execution,
  progress: Progress,
): Promise<'SUCCEEDED' | 'FAILED'> {
  const lease = await acquire(cloud, execution);
  if (lease === undefined) return 'SUCCEEDED';
  progress.lease = lease;
  const batch = await plan(cloud, execution, lease);
  let backOff = false;
  let status = 'NOTHING';
  if (batch !== undefined) {
    progress.batch = batch;
    const chunks = Array.from({ length: batch.chunks }, (_, chunk) => chunk);
    const checked = await Promise.all(
      chunks.map((chunk) =>
        task(cloud, execution, 'checkHeaders', (ports) => checkHeaders(ports, { lease, batch, chunk })),
      ),
    );
    const accepted = (dataset: string): number =>
      checked.reduce((files, { accepted }) => files + (accepted[dataset] ?? 0), 0);
    const outcomes = await load(cloud, execution, { lease, batch, accepted });
    await Promise.all(
      chunks.map((chunk) =>
        task(cloud, execution, 'archiveFiles', (ports) =>
          archiveFiles(ports, { lease, batch, chunk, outcomes }),
        ),
      ),
    );
    const published = await publish(cloud, execution, lease, batch, outcomes);
    ({ backOff, status } = published);
  }
  await task(cloud, execution, 'releaseLease', (ports) =>
    releaseLease(ports, { lease, backOff, announced: true }),
  );
  return status === 'DONE' || status === 'NOTHING' ? 'SUCCEEDED' : 'FAILED';
}

async function acquire(cloud: Cloud, execution: Execution): Promise<Lease | undefined> {
  const { arn: executionArn, trigger } = execution;
  for (;;) {
    const answer = await task(cloud, execution, 'acquireLease', (ports) =>
      acquireLease(ports, JOB_PREFIX, { executionArn, trigger }),
    );
    if (answer.status === 'ACQUIRED') return answer.lease;
    if (answer.status === 'HELD') return undefined;
    await cloud.scheduler.sleep(execution.actor, answer.waitSeconds);
  }
}

async function plan(cloud: Cloud, execution: Execution, lease: Lease): Promise<Batch | undefined> {
  const { startedAt } = execution;
  for (;;) {
    const answer = await task(cloud, execution, 'planBatch', (ports) =>
      planBatch(ports, cloud.settings, { lease, startedAt }),
    );
    if (answer.status === 'NOTHING') return undefined;
    if (answer.status === 'PLANNED') return answer.batch;
    // no batch of the model is ever judged
    if (answer.status === 'WITHDRAWING') throw new Error('nothing was to be withdrawn');
    await cloud.scheduler.sleep(execution.actor, answer.waitSeconds);
  }
}

async function publish(
  cloud: Cloud,
  execution: Execution,
  lease: Lease,
  batch: Batch,
  outcomes: Outcome[],
): Promise<{ status: string; backOff: boolean }> {
  const { status, backOff, alert } = await task(cloud, execution, 'publishOutcome', (ports) =>
    publishOutcome(ports, { lease, batch, outcomes, validation: [] }),
  );
  if (alert !== null) await send(cloud, execution, alert.message);
  return { status, backOff };
}

/** RecordFailure, SendFailureAlert and ReleaseAfterFailure. */
async function stop(
  cloud: Cloud,
  execution: Execution,
  { lease, batch }: Progress,
  error: unknown,
): Promise<void> {
  const reason = String(error);
  if (batch !== undefined) {
    const key = { pk: 'entry', sk: String(batch.number).padStart(10, '0') };
    const when = [{ attribute: 'state', is: 'equal', to: 'OPEN' }] as const;
    await cloud.scheduler.pause(execution.actor);
    await cloud.store.commit([{ kind: 'update', key, set: { lastError: reason }, when }]);
  }
  await send(cloud, execution, `${execution.arn} stopped at batch ${batch?.number ?? '-'}: ${reason}`);
  if (lease === undefined) return;
  const released = task(cloud, execution, 'releaseLease', (ports) =>
    releaseLease(ports, { lease, backOff: true, announced: false }),
  );
  await released.catch(() => undefined);
}

async function send(cloud: Cloud, { actor }: Execution, message: string): Promise<void> {
  await cloud.scheduler.pause(actor);
  cloud.alerts.push(message);
}
