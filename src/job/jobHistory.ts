import { GetJobRunsCommand, type GlueClient, type JobRun } from '@aws-sdk/client-glue';

/** A run of a job as Glue remembers it. */
export interface PastRun {
  readonly id: string;
  readonly startedAt: Date;
  /** Absent while it runs. */
  readonly endedAt: Date | undefined;
  readonly succeeded: boolean;
  readonly error: string | undefined;
  readonly seconds: number;
  /** Seconds times data processing units. */
  readonly dpuSeconds: number;
}

export interface JobHistory {
  /** The runs of the job that started at or after a moment, the oldest first. */
  since(jobName: string, moment: Date): Promise<PastRun[]>;
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
export function glueJobHistory(client: GlueClient): JobHistory {
  return {
    async since(jobName, moment) {
      const { JobRuns = [] } = await client.send(new GetJobRunsCommand({ JobName: jobName, MaxResults: 25 }));
      return JobRuns.flatMap((run): PastRun[] => {
        const { Id = '', StartedOn, CompletedOn, JobRunState, ErrorMessage, ExecutionTime = 0 } = run;
        if (StartedOn === undefined || StartedOn < moment) return [];
        return [
          {
            ...{ id: Id, startedAt: StartedOn, endedAt: CompletedOn, succeeded: JobRunState === 'SUCCEEDED' },
            ...{ error: ErrorMessage, seconds: ExecutionTime, dpuSeconds: dpuSeconds(run) },
          },
        ];
      }).toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
    },
  };
}
