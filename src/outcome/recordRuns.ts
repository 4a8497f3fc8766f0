import type { DocumentSource } from '../batch/documents';
import { datasetNames } from '../contract/contracts';
import type { JobHistory, PastRun } from '../job/jobHistory';
import type { Log } from '../lambda/lambda';
import type { EntryItem } from '../ledger/items';
import { type LineageBatch, lineageEvents } from '../lineage/lineageEvents';
import { batchMeasurements, type ClosedBatch } from '../metrics/batchMeasurements';
import type { Measure } from '../metrics/metrics';
import { type Objects, parseUri } from '../objects/objects';

export interface RecordingPorts {
  readonly history: JobHistory;
  readonly objects: Objects;
  /** Ends with a dash; a dataset's name makes it a job's. */
  readonly jobNamePrefix: string;
  readonly now: () => Date;
  readonly measure: Measure;
  readonly log: Log;
}

/** Runs of the jobs by dataset. */
export type Runs = ReadonlyMap<string, readonly PastRun[]>;

/** All job runs since the entry was opened; none when Glue cannot tell: a batch does not depend on being observed. */
export async function runsOf(
  { history, jobNamePrefix, log }: RecordingPorts,
  { openedAt, number }: EntryItem,
): Promise<Runs> {
  try {
    const found = datasetNames.map(
      async (dataset) =>
        [dataset, await history.since(`${jobNamePrefix}${dataset}`, new Date(openedAt))] as const,
    );
    return new Map(await Promise.all(found));
  } catch (error) {
    log.warn('the job runs of the batch are not known', { batch: number, error: String(error) });
    return new Map();
  }
}

/**
 * Writes what the runs read and wrote as OpenLineage events, before the entry is closed: a repetition writes the same
 * objects again.
 */
export async function writeLineage(
  { objects, jobNamePrefix, now, log }: RecordingPorts,
  { prefix, number }: DocumentSource,
  batch: Omit<LineageBatch, 'stack' | 'endedAt'>,
): Promise<void> {
  const { bucket, key } = parseUri(prefix);
  const events = lineageEvents({ ...batch, stack: jobNamePrefix.slice(0, -1), endedAt: now() });
  try {
    for (const event of events) {
      const name = `${event.job.name}-${event.run.runId}-${event.eventType}.json`;
      await objects.write({ bucket, key: key.replace(/^batches/, 'lineage') + name }, JSON.stringify(event));
    }
  } catch (error) {
    log.error('lineage is not written whole', { batch: number, error: String(error) });
  }
}

/**
 * Measures a batch that was closed a moment ago. A function that dies in between leaves it unmeasured: the ledger is the
 * record, and a batch that counts twice would be worse than one that is missing in a graph.
 */
export function measureBatch(
  { measure }: RecordingPorts,
  runs: Runs,
  batch: Omit<ClosedBatch, 'costs' | 'violations'> & { validation: NonNullable<EntryItem['validation']> },
): void {
  const sum = (found: readonly PastRun[], of: 'seconds' | 'dpuSeconds'): number =>
    found.reduce((total, run) => total + run[of], 0);
  const costs = [...runs]
    .filter(([, found]) => found.length > 0)
    .map(([dataset, found]) => {
      return [dataset, { seconds: sum(found, 'seconds'), dpuSeconds: sum(found, 'dpuSeconds') }] as const;
    });
  const violations = batch.validation.reduce((total, check) => total + check.violations, 0);
  measure(batchMeasurements({ ...batch, violations, costs: new Map(costs) }));
}
