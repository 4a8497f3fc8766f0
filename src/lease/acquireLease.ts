import type { AcquireLeaseEvent } from '../../generated/types/events/acquireLease';
import type { AcquireLeaseResult } from '../../generated/types/states/acquireLease';
import { datasetNames } from '../contract/contracts';
import type { Executions } from '../execution/executions';
import { type JobRuns, stopActiveRuns } from '../job/jobRuns';
import type { Log } from '../lambda/lambda';
import { acquire, ensureControl, takeOver } from '../ledger/lease';
import type { Store } from '../store/store';

export interface AcquireLeasePorts {
  readonly store: Store;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly runs: JobRuns;
  readonly now: () => Date;
  readonly log: Log;
}

/** A predecessor that hands over releases within moments. */
const HANDOVER_WAIT_SECONDS = 1;
/** A Glue run takes minutes to stop. */
const STOP_WAIT_SECONDS = 10;

/**
 * Takes the lease when it is free, or from a holder that has ended once none of its job runs can write any more.
 *
 * A holder at work sees to everything that has arrived, so HELD is no loss; only its own successor waits for it.
 */
export async function acquireLease(
  ports: AcquireLeasePorts,
  jobNamePrefix: string,
  { executionArn, trigger }: AcquireLeaseEvent,
): Promise<AcquireLeaseResult> {
  const { store, executions, runs, now, log } = ports;
  const lease = await acquire(store, executionArn, now());
  if (lease !== undefined) return { status: 'ACQUIRED', lease, waitSeconds: 0 };
  const { owner, fence } = await ensureControl(store);
  // released a moment ago
  if (owner === undefined) return { status: 'WAIT', waitSeconds: HANDOVER_WAIT_SECONDS };
  if (await executions.isRunning(owner)) {
    return trigger === 'handover'
      ? { status: 'WAIT', waitSeconds: HANDOVER_WAIT_SECONDS }
      : { status: 'HELD', waitSeconds: 0 };
  }
  const stopping = await Promise.all(
    datasetNames.map((name) => stopActiveRuns(runs, `${jobNamePrefix}${name}`)),
  );
  if (stopping.includes(true)) return { status: 'WAIT', waitSeconds: STOP_WAIT_SECONDS };
  const taken = await takeOver(store, { owner, fence }, executionArn, now());
  if (taken === undefined) return { status: 'WAIT', waitSeconds: HANDOVER_WAIT_SECONDS };
  log.warn('lease taken over from an execution that ended without releasing it', {
    owner,
    fence: taken.fence,
  });
  return { status: 'ACQUIRED', lease: taken, waitSeconds: 0 };
}
