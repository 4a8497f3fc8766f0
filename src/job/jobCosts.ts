import { GetJobRunsCommand, type GlueClient, type JobRun } from '@aws-sdk/client-glue';

/** What the runs of a job took. */
export interface JobCost {
  readonly seconds: number;
  /** Seconds times data processing units. */
  readonly dpuSeconds: number;
}

export interface JobCosts {
  /** All runs of the job that started at or after a moment; undefined when there is none. */
  since(jobName: string, moment: Date): Promise<JobCost | undefined>;
}

/** https://docs.aws.amazon.com/glue/latest/dg/worker-types.html */
const DPU_PER_WORKER: Readonly<Record<string, number>> = {
  'G.025X': 0.25,
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
};

/** DPU-seconds of a run: as Glue counts them where it does (auto scaling, flex), else its time times its size. */
export function dpuSeconds({
  DPUSeconds,
  ExecutionTime = 0,
  MaxCapacity,
  WorkerType,
  NumberOfWorkers = 0,
}: JobRun): number {
  return (
    DPUSeconds ?? ExecutionTime * (MaxCapacity ?? (DPU_PER_WORKER[String(WorkerType)] ?? 0) * NumberOfWorkers)
  );
}

/** One page is enough: a batch has a few runs of a job, and they are the newest. */
export function glueJobCosts(client: GlueClient): JobCosts {
  return {
    async since(jobName, moment) {
      const { JobRuns = [] } = await client.send(new GetJobRunsCommand({ JobName: jobName, MaxResults: 25 }));
      const runs = JobRuns.filter(({ StartedOn }) => StartedOn !== undefined && StartedOn >= moment);
      if (runs.length === 0) return undefined;
      return {
        seconds: runs.reduce((total, { ExecutionTime = 0 }) => total + ExecutionTime, 0),
        dpuSeconds: runs.reduce((total, run) => total + dpuSeconds(run), 0),
      };
    },
  };
}
