import type { PastRun } from '../job/jobHistory';
import type { Usage } from './bill';

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
