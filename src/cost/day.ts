import { chooseWorkers, type WorkerBounds } from '../job/workers';
import { DPU_PER_WORKER } from '../job/workerTypes';
import type { Usage } from './bill';
import { transitionsOf } from './transitions';

/** Files that arrive in one burst a day, spread evenly over the datasets. */
export interface Day {
  readonly files: number;
  readonly bytesPerFile: number;
}

/** What a stage's parameters have to do with the cost. */
export interface CostSettings {
  readonly maxBatchFiles: number;
  readonly maxBatchBytes: number;
  readonly filesPerChunk: number;
  readonly workers: WorkerBounds;
}

/**
 * What the model takes for granted, with what it goes by. Nothing of it was measured on AWS; (*) is about what the end-to-end
 * runs on the local cloud record in .recordings.
 */
export const assumptions = {
  datasets: { value: 3, why: 'a job run a dataset and batch' },
  datesPerBatch: {
    value: 31,
    why: 'dates that a batch touches at most; a small one touches as many as it has files',
  },
  secondsPerRun: {
    value: 60,
    why: 'planning, merge and catalog of a run; also the least that Glue charges for',
  },
  mebibytesPerDpuSecond: { value: 4, why: 'CSV of a run, on top of the former' },
  messagesPerCall: { value: 100, why: 'batchSize of the arrival queue; each call starts an execution' },
  queueRequestsPerFile: { value: 1.2, why: 'a message sent; received and deleted by tens' },
  lambdaGb: { value: 0.5, why: 'memorySize' },
  lambdaSecondsPerCall: { value: 1, why: 'cold starts included' },
  lambdaSecondsPerFile: { value: 0.05, why: 'register, copy twice, check, book' },
  ledgerWritesPerFile: {
    value: 12,
    why: 'registered, planned and booked, in transactions, which count twice',
  },
  ledgerReadsPerFile: { value: 4, why: 'each step reads its files once, consistently' },
  s3WritesPerFile: { value: 3, why: 'a listing of its versions, copies to processing/ and to archived/ (*)' },
  s3ReadsPerFile: { value: 3, why: 'the header, the rows, the size before them (*)' },
  s3WritesPerRun: { value: 70, why: 'commits, results, listings (*)' },
  s3ReadsPerRun: { value: 100, why: 'logs and statistics of the tables (*)' },
  s3WritesPerDate: { value: 1, why: 'a data file written' },
  s3ReadsPerDate: { value: 4, why: 'footer and columns of a data file read' },
  parquetShare: { value: 0.3, why: 'bytes of the tables by those of the CSV' },
  validationShare: {
    value: 5,
    why:
      'bytes that the validation of a batch reads by those of Parquet that the batch brings, whatever the tables hold: as on Trino 476 with ' +
      'files that it reads whole (below 3 MB), where keys grow with time; of random ones the key columns of whole tables are read',
  },
} as const;

const MIB = 2 ** 20;
/** Athena charges a query for 10 MB at least: https://aws.amazon.com/athena/pricing/ */
const ATHENA_LEAST = 10_000_000;
const LAMBDA_CALLS_PER_BATCH = 6;

/** What a day is expected to use. */
export function expectedUsage(day: Day, settings: CostSettings): Usage {
  const of = (name: keyof typeof assumptions): number => assumptions[name].value;
  const { files } = day;
  const bytes = files * day.bytesPerFile;
  const batches = Math.max(
    Math.ceil(files / settings.maxBatchFiles),
    Math.ceil(bytes / settings.maxBatchBytes),
  );
  const chunks = batches * Math.ceil(files / batches / settings.filesPerChunk);
  const calls = Math.ceil(files / of('messagesPerCall'));
  const runs = batches * of('datasets');
  const dates = Math.min(of('datesPerBatch'), Math.ceil(files / runs));
  const lambdaCalls = calls * 2 + batches * LAMBDA_CALLS_PER_BATCH + chunks * 2;
  const lambdaSeconds = lambdaCalls * of('lambdaSecondsPerCall') + files * of('lambdaSecondsPerFile');
  return {
    dpuSeconds: runs * dpuSecondsOfRun({ bytes: bytes / runs, files: files / runs, dates }, settings.workers),
    transitions: transitionsOf({
      batches,
      chunks,
      settleRounds: batches,
      held: Math.max(0, calls - batches),
    }),
    lambdaRequests: lambdaCalls,
    lambdaGbSeconds: lambdaSeconds * of('lambdaGb'),
    s3Writes: files * of('s3WritesPerFile') + runs * (of('s3WritesPerRun') + dates * of('s3WritesPerDate')),
    s3Reads: files * of('s3ReadsPerFile') + runs * (of('s3ReadsPerRun') + dates * of('s3ReadsPerDate')),
    ledgerWrites: files * of('ledgerWritesPerFile'),
    ledgerReads: files * of('ledgerReadsPerFile'),
    queueRequests: files * of('queueRequestsPerFile'),
    athenaBytes:
      batches * Math.max(ATHENA_LEAST, (bytes / batches) * of('parquetShare') * of('validationShare')),
  };
}

function dpuSecondsOfRun(work: Parameters<typeof chooseWorkers>[0], bounds: WorkerBounds): number {
  const { workerType, numberOfWorkers } = chooseWorkers(work, bounds);
  const perWorker = DPU_PER_WORKER[workerType];
  // one worker is the driver's
  const rate = assumptions.mebibytesPerDpuSecond.value * MIB * perWorker * (numberOfWorkers - 1);
  return perWorker * numberOfWorkers * (assumptions.secondsPerRun.value + work.bytes / rate);
}
