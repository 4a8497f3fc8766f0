import { GetJobRunsCommand, type GlueClient, type JobRun } from '@aws-sdk/client-glue';
import { DPU_PER_WORKER } from './workerTypes';

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

const DPUS: ReadonlyMap<string, number> = new Map(Object.entries(DPU_PER_WORKER));

/** DPU-seconds of a run: as Glue counts them where it does (auto scaling, flex), else its time times its size. */
export function dpuSeconds({
  DPUSeconds,
  ExecutionTime = 0,
  MaxCapacity,
  WorkerType,
  NumberOfWorkers = 0,
}: JobRun): number {
  return DPUSeconds ?? ExecutionTime * (MaxCapacity ?? (DPUS.get(String(WorkerType)) ?? 0) * NumberOfWorkers);
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
