import { datasetNames } from '../contract/contracts';
import type { JobHistory, PastRun } from '../job/jobHistory';
import type { EntryItem } from '../ledger/items';
import type { Usage } from './bill';

export interface BatchUsagePorts {
  readonly entry: (
    number: number,
  ) => Promise<Pick<EntryItem, 'openedAt' | 'closedAt' | 'executionArn'> | undefined>;
  readonly history: JobHistory;
  /** Ends with a dash; a dataset's name makes it a job's. */
  readonly jobNamePrefix: string;
  /** Types of the events of an execution; undefined when Step Functions has forgotten it. */
  readonly eventTypes: (executionArn: string) => Promise<readonly string[] | undefined>;
}

/** Glue charges each run for a minute at least: https://aws.amazon.com/glue/pricing/ */
const LEAST_SECONDS = 60;

/** DPU-seconds that Glue charges for a run: what it used, at its size for a minute at least. */
export function chargedDpuSeconds({ seconds, dpuSeconds }: Pick<PastRun, 'seconds' | 'dpuSeconds'>): number {
  return seconds === 0 ? 0 : (dpuSeconds * Math.max(LEAST_SECONDS, seconds)) / seconds;
}

/**
 * What a batch has used, as far as it can be told for one batch: its job runs, which `DpuSeconds` measures too, and the
 * transitions of its execution.
 *
 * @param events types of the events in the execution's history; undefined when Step Functions has forgotten it
 */
export function usageOfBatch(
  runs: readonly Pick<PastRun, 'seconds' | 'dpuSeconds'>[],
  events: readonly string[] | undefined,
): Partial<Usage> {
  const dpuSeconds = runs.reduce((sum, run) => sum + chargedDpuSeconds(run), 0);
  if (events === undefined) return { dpuSeconds };
  return { dpuSeconds, transitions: events.filter((type) => type.endsWith('StateEntered')).length };
}

/**
 * Finds what a batch has used: the runs of its jobs between its plan and its end, and the transitions of its last
 * execution. Undefined when there is no such batch.
 */
export async function readUsage(
  { entry, history, jobNamePrefix, eventTypes }: BatchUsagePorts,
  number: number,
): Promise<{ readonly usage: Partial<Usage>; readonly runs: number } | undefined> {
  const found = await entry(number);
  if (found === undefined) return undefined;
  const since = new Date(found.openedAt);
  const until = found.closedAt === undefined ? Infinity : Date.parse(found.closedAt);
  const all = await Promise.all(datasetNames.map((name) => history.since(`${jobNamePrefix}${name}`, since)));
  const runs = all.flat().filter(({ startedAt }) => startedAt.getTime() <= until);
  return { usage: usageOfBatch(runs, await eventTypes(found.executionArn)), runs: runs.length };
}
