import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import { releaseLease } from '../../../src/lease/releaseLease';
import type { Cloud } from '../cloud/cloud';
import type { Execution } from '../cloud/executions';
import { task } from './task';

/** What an execution knows when something goes wrong. */
export interface Progress {
  lease?: Lease;
  batch?: Batch;
}

/** RecordFailure, SendFailureAlert and ReleaseAfterFailure. */
export async function stop(
  cloud: Cloud,
  execution: Execution,
  { lease, batch }: Progress,
  error: unknown,
): Promise<void> {
  const reason = String(error);
  if (batch !== undefined) {
    const key = { pk: 'entry', sk: String(batch.number).padStart(10, '0') };
    await cloud.scheduler.pause(execution.actor);
    for (const to of ['OPEN', 'WITHDRAWING']) {
      const when = [{ attribute: 'state', is: 'equal', to }] as const;
      await cloud.store.commit([{ kind: 'update', key, set: { lastError: reason }, when }]);
    }
  }
  await send(cloud, execution, `${execution.arn} stopped at batch ${batch?.number ?? '-'}: ${reason}`);
  if (lease === undefined) return;
  const released = task(cloud, execution, 'releaseLease', (ports) =>
    releaseLease(ports, { lease, backOff: true, announced: false }),
  );
  await released.catch(() => undefined);
}

/** SendAlert. */
export async function send(cloud: Cloud, { actor }: Execution, message: string): Promise<void> {
  await cloud.scheduler.pause(actor);
  cloud.alerts.push(message);
}
