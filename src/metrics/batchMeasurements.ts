import type { JobResult, ManifestFile } from '../batch/documents';
import { datasetNames } from '../contract/contracts';
import type { BatchFiles } from '../outcome/batchFiles';
import type { Measurement, MetricName } from './metrics';

type Rows = JobResult['files'][number]['rows'];

const ROWS: readonly (readonly [MetricName, keyof Rows])[] = [
  ['RowsRead', 'read'],
  ['RowsInserted', 'inserted'],
  ['RowsUpdated', 'updated'],
  ['RowsUnchanged', 'unchanged'],
  ['RowsSuperseded', 'superseded'],
  ['RowsDuplicate', 'duplicate'],
  ['RowsRejected', 'rejected'],
  ['RowsOrphaned', 'orphaned'],
  ['RowsErased', 'erased'],
];

/** A batch that was closed. */
export interface ClosedBatch {
  readonly state: 'DONE' | 'FAILED' | 'WITHDRAWN';
  readonly closedAt: Date;
  readonly seconds: number;
  readonly violations: number;
  readonly files: BatchFiles;
  /** Files that failed alone. */
  readonly failed: readonly ManifestFile[];
  /** What the jobs published; none counts when the batch was withdrawn. */
  readonly results: readonly JobResult[];
  /** The tables as the jobs left them. */
  readonly tables: JobResult['tables'];
  /** What the job runs took, by dataset. */
  readonly costs: ReadonlyMap<string, { readonly seconds: number; readonly dpuSeconds: number }>;
}

/** What the batch did, once for each batch: rows redriven from earlier ones are counted where they were read. */
export function batchMeasurements(batch: ClosedBatch): Measurement[] {
  const { state } = batch;
  return [
    { name: 'BatchSeconds', value: batch.seconds },
    { name: 'ValidationViolations', value: batch.violations },
    { name: 'BatchesDone', value: Number(state === 'DONE') },
    { name: 'BatchesFailed', value: Number(state === 'FAILED') },
    { name: 'BatchesWithdrawn', value: Number(state === 'WITHDRAWN') },
    ...fileMeasurements(batch),
    ...batch.results.flatMap((result) => rowMeasurements(result, batch)),
    ...batch.results.flatMap(ruleMeasurements),
    ...batch.tables.flatMap(tableMeasurements),
    ...[...batch.costs].flatMap(([dataset, { seconds, dpuSeconds }]): Measurement[] => [
      { name: 'JobSeconds', value: seconds, dataset },
      { name: 'DpuSeconds', value: dpuSeconds, dataset },
    ]),
  ];
}

/** Every dataset has every count, also 0: a metric that is missing tells nothing, a sum of 0 does. */
function fileMeasurements({ state, files, failed, results }: ClosedBatch): Measurement[] {
  const lost = [...files.unreadable, ...failed];
  const refused = results.flatMap(({ dataset, rejectedFiles }) => rejectedFiles.map(() => ({ dataset })));
  const rejected = [...files.rejected, ...refused];
  const archived = results.flatMap(({ dataset, files: loaded }) => loaded.map(() => ({ dataset })));
  const withdrawn = state === 'WITHDRAWN' ? [...files.accepted.values()].flat() : [];
  const unknown = [...lost, ...rejected].some((file) => nameOf(file) === UNKNOWN) ? [UNKNOWN] : [];
  return [...datasetNames, ...unknown].flatMap((dataset): Measurement[] => {
    const count = (found: readonly Pick<ManifestFile, 'dataset'>[]): number =>
      found.filter((file) => nameOf(file) === dataset).length;
    return [
      { name: 'FilesArchived', value: count(archived), dataset },
      { name: 'FilesRejected', value: count(rejected), dataset },
      { name: 'FilesFailed', value: count(lost), dataset },
      { name: 'FilesWithdrawn', value: count(withdrawn), dataset },
    ];
  });
}

const UNKNOWN = 'unknown';

/** As the ledger calls a file in no dataset's folder. */
function nameOf({ dataset }: Pick<ManifestFile, 'dataset'>): string {
  return dataset ?? UNKNOWN;
}

function rowMeasurements(
  { dataset, files }: JobResult,
  { files: batch, closedAt }: ClosedBatch,
): Measurement[] {
  const sum = (outcome: keyof Rows): number =>
    files.reduce((total, { rows }) => total + (rows[outcome] ?? 0), 0);
  const read = sum('read');
  const loaded = new Set(files.map(({ fileId }) => fileId));
  const waited = (batch.accepted.get(dataset) ?? [])
    // a replayed file arrived long ago: its time says nothing of the service
    .filter((file) => loaded.has(file.fileId) && file.loaded === null)
    .map(({ lastModified }) => Math.max(0, (closedAt.getTime() - Date.parse(lastModified)) / 1000));
  return [
    ...ROWS.map(([name, outcome]) => ({ name, value: sum(outcome), dataset })),
    ...(read === 0 ? [] : [{ name: 'RejectRate', value: (100 * sum('rejected')) / read, dataset } as const]),
    ...(waited.length === 0
      ? []
      : [
          { name: 'FreshnessSeconds', value: Math.min(...waited), dataset } as const,
          { name: 'EndToEndSeconds', value: Math.max(...waited), dataset } as const,
        ]),
  ];
}

/** Only of rules that were broken: each one that has a value is billed for the hour. */
function ruleMeasurements({ dataset, rejectedByRule = {} }: JobResult): Measurement[] {
  return Object.entries(rejectedByRule).map(([rule, value]) => ({
    ...{ name: 'RowsRejectedByRule', value, dataset, rule },
  }));
}

function tableMeasurements({ name: table, files }: JobResult['tables'][number]): Measurement[] {
  if (files === undefined) return [];
  const { count, small, bytes } = files;
  return [
    { name: 'TableFiles', value: count, table },
    { name: 'TableSmallFiles', value: small, table },
    { name: 'TableBytes', value: bytes, table },
    { name: 'TableAverageFileBytes', value: count === 0 ? 0 : bytes / count, table },
  ];
}
