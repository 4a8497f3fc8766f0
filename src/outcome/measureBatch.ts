import { datasetNames } from '../contract/contracts';
import type { JobCost, JobCosts } from '../job/jobCosts';
import type { Log } from '../lambda/lambda';
import type { EntryItem } from '../ledger/items';
import { batchMeasurements, type ClosedBatch } from '../metrics/batchMeasurements';
import type { Measure } from '../metrics/metrics';

export interface MeasuringPorts {
  readonly costs: JobCosts;
  /** Ends with a dash; a dataset's name makes it a job's. */
  readonly jobNamePrefix: string;
  readonly measure: Measure;
  readonly log: Log;
}

/**
 * Measures a batch that was closed a moment ago. A function that dies in between leaves it unmeasured: the ledger is the
 * record, and a batch that counts twice would be worse than one that is missing in a graph.
 */
export async function measureBatch(
  { costs, jobNamePrefix, measure, log }: MeasuringPorts,
  { openedAt, number }: EntryItem,
  batch: Omit<ClosedBatch, 'costs'>,
): Promise<void> {
  const known = new Map<string, JobCost>();
  try {
    for (const dataset of datasetNames) {
      const cost = await costs.since(`${jobNamePrefix}${dataset}`, new Date(openedAt));
      if (cost !== undefined) known.set(dataset, cost);
    }
  } catch (error) {
    log.warn('the cost of the job runs is not known', { batch: number, error: String(error) });
  }
  measure(batchMeasurements({ ...batch, costs: known }));
}

/** Violations of all checks together. */
export function violationsOf(validation: NonNullable<EntryItem['validation']>): number {
  return validation.reduce((total, { violations }) => total + violations, 0);
}
