import type { SettleJobEvent } from '../../generated/types/events/settleJob';
import type { SettleJobResult } from '../../generated/types/states/settleJob';
import { findFailure, type JobFailure } from '../batch/documents';
import { isDatasetName } from '../contract/contracts';
import { InvalidEvent } from '../errors';
import { requireLease } from '../ledger/lease';
import type { Measure } from '../metrics/metrics';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { type JobRuns, stopActiveRuns } from './jobRuns';

export interface SettleJobPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly runs: JobRuns;
  /** A number from 0 to 1, for the jitter. */
  readonly random: () => number;
  readonly measure: Measure;
}

export interface RetryPolicy {
  readonly jobNamePrefix: string;
  readonly maxAttempts: number;
  readonly backoffSeconds: number;
}

/** A delay never grows beyond this; Step Functions waits for free, files do not. */
const MAX_BACKOFF_SECONDS = 900;

/**
 * Decides what follows a job run that did not succeed: first no run may be active any more, then the failure that the
 * last run itself has written tells whether another attempt can help.
 *
 * @throws LeaseLost, InvalidDocument; InvalidEvent for an unknown dataset.
 */
export async function settleJob(
  ports: SettleJobPorts,
  policy: RetryPolicy,
  event: SettleJobEvent,
): Promise<SettleJobResult> {
  const { dataset, attempt } = event;
  if (!isDatasetName(dataset)) throw new InvalidEvent(`${dataset} has no contract in schemas/datasets`);
  await requireLease(ports.store, event.lease);
  const jobName = `${policy.jobNamePrefix}${dataset}`;
  if (await stopActiveRuns(ports.runs, jobName)) {
    return { action: 'WAIT', seconds: Math.max(1, policy.backoffSeconds) };
  }
  const failure = await lastFailure(ports, event, jobName);
  ports.measure([
    { name: 'JobFailures', value: 1, dataset },
    ...(failure.name === 'RowsUnaccounted' ? [{ name: 'RowsUnaccounted', value: 1, dataset } as const] : []),
  ]);
  if (failure.family === 'terminal') return { action: 'FAIL', seconds: 0, failure };
  if (attempt >= policy.maxAttempts) return { action: 'STALL', seconds: 0, failure };
  return { action: 'RETRY', seconds: backoff(policy.backoffSeconds, attempt, ports.random()) };
}

/** The document of the last run; a run that wrote none was interrupted. */
async function lastFailure(
  { objects, runs }: SettleJobPorts,
  { batch, dataset, error }: SettleJobEvent,
  jobName: string,
): Promise<JobFailure['error']> {
  const document = await findFailure(objects, batch, dataset);
  const [last] = await runs.latest(jobName);
  // the document of an earlier run says nothing about this one
  if (document !== undefined && document.jobRunId === last?.id) return document.error;
  const cause = error.Cause === undefined ? '' : `: ${error.Cause}`;
  return { name: 'JobInterrupted', family: 'transient', message: `${error.Error}${cause}`.slice(0, 2000) };
}

/** Doubles with every attempt; half of it is left to chance, so that jobs do not come back in step. */
function backoff(first: number, attempt: number, random: number): number {
  const delay = Math.min(MAX_BACKOFF_SECONDS, first * 2 ** (attempt - 1));
  return Math.ceil(delay * (0.5 + random / 2));
}
