import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import { isDatasetName, type DatasetName } from '../../../src/contract/contracts';
import type { JobRuns } from '../../../src/job/jobRuns';
import { runJob } from '../lake/job';
import type { JobRule, Operation } from '../lake/run';
import type { Cloud } from './cloud';
import { ledgerOf } from '../checks/ledger';
import { objectsOf, storeOf } from './ports';
import { deferred } from './deferred';
import { Actor } from './scheduler';

export const JOB_PREFIX = 'jobs-';

/** What a run is started with. */
export interface JobArguments {
  readonly operation: Operation;
  readonly batch: Batch;
  readonly lease: Lease;
}

interface Run {
  readonly id: string;
  readonly driver: Actor;
  state: 'RUNNING' | 'STOPPING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  readonly ended: Promise<true>;
  readonly end: (ended: true) => void;
}

/** Another run of the job is active: a job has one at a time. */
export class ConcurrentRuns extends Error {}

/**
 * Job runs. A stopped run is terminal some time later, and its driver may go on even then: Glue reports a run terminal
 * before its driver is gone.
 */
export class Glue {
  private readonly runs = new Map<DatasetName, Run[]>();
  private serial = 0;
  without: ReadonlySet<JobRule> = new Set();

  constructor(private readonly cloud: Cloud) {}

  /** What functions see of the runs. */
  portOf(actor: Actor): JobRuns {
    const { wire } = this.cloud;
    return {
      latest: (jobName) =>
        wire.call(actor, 'GetJobRuns', () =>
          this.of(jobName)
            .toReversed()
            .map(({ id, state }) => ({ id, state })),
        ),
      stop: (jobName, runIds) =>
        wire.call(actor, 'BatchStopJobRun', () => {
          for (const run of this.of(jobName)) if (runIds.includes(run.id)) this.stop(run);
        }),
    };
  }

  /** @throws ConcurrentRuns */
  start(
    dataset: DatasetName,
    { operation, batch, lease }: JobArguments,
  ): { id: string; ended: Promise<true> } {
    const runs = this.of(dataset);
    if (runs.some(({ state }) => state === 'RUNNING' || state === 'STOPPING')) throw new ConcurrentRuns();
    const id = `jr_${++this.serial}`;
    const { promise, resolve } = deferred<true>();
    const driver = new Actor(`${dataset} ${id}`);
    const run: Run = { id, driver, state: 'RUNNING', ended: promise, end: resolve };
    this.runs.set(dataset, [...runs, run]);
    void this.drive(run, dataset, { operation, batch, lease });
    return { id, ended: promise };
  }

  stateOf(dataset: DatasetName, id: string): Run['state'] {
    const run = this.of(dataset).find((other) => other.id === id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run.state;
  }

  /** The run fails without a word; its driver dies, or goes on unseen. */
  breakOne(): void {
    const running = [...this.runs.values()].flat().filter(({ state }) => state === 'RUNNING');
    if (running.length === 0) return;
    this.finish(this.cloud.random.pick(running), 'FAILED');
  }

  private async drive(run: Run, dataset: DatasetName, job: JobArguments): Promise<void> {
    const { cloud, without } = this;
    const { random, wire } = cloud;
    try {
      await runJob({
        ...{ id: run.id, dataset, ...job, lake: cloud.lake, without },
        store: storeOf(cloud.store, wire, run.driver),
        objects: objectsOf(cloud.objects, wire, run.driver),
        pause: () => cloud.scheduler.pause(run.driver),
        isLive: () => {
          const { owner, fence } = ledgerOf(cloud.store).control ?? {};
          return owner === job.lease.owner && fence === job.lease.fence;
        },
        falsePoison: () => random.chance(wire.rates.falsePoison),
      });
      this.conclude(run, 'SUCCEEDED');
    } catch {
      this.conclude(run, 'FAILED');
    }
  }

  private stop(run: Run): void {
    if (run.state !== 'RUNNING') return;
    run.state = 'STOPPING';
    const stopper = new Actor(`stopping ${run.id}`);
    void this.cloud.scheduler.sleep(stopper, 5).then(() => {
      if (run.state === 'STOPPING') this.finish(run, 'STOPPED');
    });
  }

  /** The run is terminal from outside. */
  private finish(run: Run, state: 'STOPPED' | 'FAILED'): void {
    this.cloud.wire.kill(run.driver);
    this.conclude(run, state);
  }

  private conclude(run: Run, state: 'STOPPED' | 'FAILED' | 'SUCCEEDED'): void {
    if (run.state !== 'RUNNING' && run.state !== 'STOPPING') return;
    run.state = state;
    run.end(true);
  }

  private of(jobName: string): Run[] {
    const dataset = jobName.replace(JOB_PREFIX, '');
    return isDatasetName(dataset) ? (this.runs.get(dataset) ?? []) : [];
  }
}
