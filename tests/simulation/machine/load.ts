import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { Outcome } from '../../../generated/types/states/outcome';
import { datasetNames, type DatasetName, hasOrphans, isDatasetName } from '../../../src/contract/contracts';
import { settleJob } from '../../../src/job/settleJob';
import type { Cloud } from '../cloud/cloud';
import type { Execution } from '../cloud/executions';
import { ConcurrentRuns, JOB_PREFIX, type JobArguments } from '../cloud/glue';
import { task } from './task';

interface Loading {
  readonly lease: Lease;
  readonly batch: Batch;
  /** Accepted files of a dataset. */
  readonly accepted: (dataset: string) => number;
}

const POLICY = { jobNamePrefix: JOB_PREFIX, maxAttempts: 3, backoffSeconds: 1 };
const STARTS = 20;

/** LoadParents and LoadChildren. @throws when a dataset stalls. */
export async function load(
  cloud: Cloud,
  execution: Execution,
  { lease, batch, accepted }: Loading,
): Promise<Outcome[]> {
  const job = { operation: 'load', lease, batch } as const;
  const outcomes: Outcome[] = [];
  const children = datasetNames.filter(hasOrphans);
  const parents = datasetNames.filter((name) => !children.includes(name));
  for (const branches of [parents, children]) {
    const loaded = outcomes.some(({ status }) => status === 'LOADED');
    const isDue = (name: DatasetName): boolean =>
      accepted(name) > 0 ||
      batch.uninitialised.includes(name) ||
      batch.expiryDue.includes(name) ||
      batch.redriveDue.includes(name) ||
      (batch.orphansDue.includes(name) && loaded);
    const ended = branches.map((dataset) =>
      isDue(dataset)
        ? runDataset(cloud, execution, job, dataset)
        : Promise.resolve<Outcome>({ dataset, status: 'SKIPPED', attempts: 0 }),
    );
    outcomes.push(...(await Promise.all(ended)));
    requireNoneStalled(outcomes);
  }
  return outcomes;
}

/** OperateOnTables. @throws when a dataset stalls. */
export async function restore(
  cloud: Cloud,
  execution: Execution,
  { lease, batch }: Pick<Loading, 'lease' | 'batch'>,
  datasets: readonly string[],
): Promise<Outcome[]> {
  const job = { operation: 'withdraw', lease, batch } as const;
  cloud.restorations++;
  const restored = datasets.filter(isDatasetName).map(async (dataset): Promise<Outcome> => {
    const outcome = await runDataset(cloud, execution, job, dataset);
    // whatever the error, the withdrawal goes on later
    return { ...outcome, status: outcome.status === 'LOADED' ? 'RESTORED' : 'STALLED' };
  });
  const outcomes = await Promise.all(restored);
  requireNoneStalled(outcomes);
  return outcomes;
}

function requireNoneStalled(outcomes: readonly Outcome[]): void {
  const stalled = outcomes.find(({ status }) => status === 'STALLED');
  if (stalled !== undefined) throw new Error(`${stalled.dataset} stalled: ${stalled.failure?.message ?? ''}`);
}

async function runDataset(
  cloud: Cloud,
  execution: Execution,
  job: JobArguments,
  dataset: DatasetName,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const error = await runToEnd(cloud, execution, job, dataset);
    if (error === undefined) return { dataset, status: 'LOADED', attempts: attempt };
    const settled = await settle(cloud, execution, job, { dataset, attempt, error });
    if (settled.action === 'RETRY') {
      await cloud.scheduler.sleep(execution.actor, settled.seconds);
      continue;
    }
    const status = settled.action === 'FAIL' ? 'FAILED' : 'STALLED';
    const { failure } = settled;
    return { dataset, status, attempts: attempt, ...(failure === undefined ? {} : { failure }) };
  }
}

/** startJobRun.sync with its Retry; the error that would be caught, or undefined. */
async function runToEnd(
  cloud: Cloud,
  { actor }: Execution,
  job: JobArguments,
  dataset: DatasetName,
): Promise<{ Error: string } | undefined> {
  for (let start = 1; start <= STARTS; start++) {
    try {
      const run = await cloud.wire.call(actor, 'StartJobRun', () => cloud.glue.start(dataset, job));
      // our wait may end before the run does
      const timedOut = cloud.random.chance(cloud.wire.rates.death);
      if (timedOut) await cloud.scheduler.sleep(actor, 1);
      else await run.ended;
      await cloud.scheduler.pause(actor);
      if (timedOut) return { Error: 'States.Timeout' };
      return cloud.glue.stateOf(dataset, run.id) === 'SUCCEEDED' ? undefined : { Error: 'States.TaskFailed' };
    } catch (error) {
      await cloud.scheduler.sleep(actor, error instanceof ConcurrentRuns ? 5 : 1);
    }
  }
  return { Error: 'Glue.ConcurrentRunsExceededException' };
}

async function settle(
  cloud: Cloud,
  execution: Execution,
  { lease, batch }: JobArguments,
  failed: { dataset: DatasetName; attempt: number; error: { Error: string } },
): Promise<{ action: string; seconds: number; failure?: NonNullable<Outcome['failure']> }> {
  try {
    for (;;) {
      const settled = await task(cloud, execution, 'settleJob', (ports) =>
        settleJob(ports, POLICY, { lease, batch, ...failed }),
      );
      if (settled.action !== 'WAIT') return settled;
      await cloud.scheduler.sleep(execution.actor, settled.seconds);
    }
  } catch (error) {
    const failure = { name: 'Error', family: 'transient', message: String(error) } as const;
    return { action: 'STALL', seconds: 0, failure };
  }
}
