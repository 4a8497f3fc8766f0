import { BatchStopJobRunCommand, GetJobRunsCommand, type GlueClient } from '@aws-sdk/client-glue';

/** A run of a Glue job. */
export interface JobRun {
  readonly id: string;
  readonly state: string;
}

export interface JobRuns {
  /** The latest runs of the job, the newest first. */
  latest(jobName: string): Promise<JobRun[]>;
  /** Asks the runs to stop; they stay active for a while. */
  stop(jobName: string, runIds: readonly string[]): Promise<void>;
}

const ACTIVE = new Set(['STARTING', 'RUNNING', 'STOPPING', 'WAITING']);

/**
 * Stops whatever runs of the job can still write.
 *
 * @returns true while any of them is active: ask again.
 */
export async function stopActiveRuns(runs: JobRuns, jobName: string): Promise<boolean> {
  const active = (await runs.latest(jobName)).filter(({ state }) => ACTIVE.has(state));
  const toStop = active.filter(({ state }) => state !== 'STOPPING').map(({ id }) => id);
  if (toStop.length > 0) await runs.stop(jobName, toStop);
  return active.length > 0;
}

/** One page of GetJobRuns is enough: a job has one run at a time, so an active one is among the newest. */
export function glueJobRuns(client: GlueClient): JobRuns {
  return {
    async latest(jobName) {
      const { JobRuns = [] } = await client.send(new GetJobRunsCommand({ JobName: jobName, MaxResults: 25 }));
      return JobRuns.toSorted((a, b) => (b.StartedOn?.getTime() ?? 0) - (a.StartedOn?.getTime() ?? 0)).map(
        ({ Id = '', JobRunState = '' }) => ({ id: Id, state: JobRunState }),
      );
    },
    async stop(jobName, runIds) {
      // a run that ended meanwhile is reported as an error of its own; the next look tells
      await client.send(new BatchStopJobRunCommand({ JobName: jobName, JobRunIds: [...runIds] }));
    },
  };
}
