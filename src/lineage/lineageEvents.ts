import type { JobResult, Manifest, ManifestFile, Restoration } from '../batch/documents';
import { datasetNames, isDatasetName, parentsOf, tables } from '../contract/contracts';
import type { PastRun } from '../job/jobHistory';
import {
  EVENT_SCHEMA,
  type Facets,
  facetsBy,
  type LineageDataset,
  type LineageEvent,
  uuidOf,
} from './openLineage';

/** A batch at its end, and the documents that say what its runs did. */
export interface LineageBatch {
  /** Namespace of the jobs. */
  readonly stack: string;
  readonly manifest: Manifest;
  readonly state: 'DONE' | 'FAILED' | 'WITHDRAWN';
  readonly openedAt: string;
  readonly endedAt: Date;
  /** Accepted files by dataset. */
  readonly accepted: ReadonlyMap<string, readonly ManifestFile[]>;
  readonly runs: ReadonlyMap<string, readonly PastRun[]>;
  /** What jobs published or restored; each names the run that wrote it. */
  readonly results: readonly JobResult[];
  readonly restorations: readonly Restoration[];
  readonly validation: readonly { readonly name: string; readonly violations: number }[];
}

/**
 * The OpenLineage events of a batch: one pair for the batch as a whole, with the checks of the tables, and one for each
 * job run, with the files that it read and the tables that it wrote. A run that has not ended has only its START.
 */
export function lineageEvents(batch: LineageBatch): LineageEvent[] {
  const jobs = [...batch.runs].flatMap(([dataset, runs]) =>
    runs.flatMap((run) => runEvents(batch, dataset, run)),
  );
  return [...batchEvents(batch), ...jobs];
}

function batchEvents(batch: LineageBatch): LineageEvent[] {
  const { stack, manifest, state, openedAt, endedAt } = batch;
  const facet = facetsBy(producerOf(batch));
  const error = `Batch ${manifest.number} ended ${state}`;
  const facets =
    state === 'DONE' ? {} : facet('errorMessage', { message: error, programmingLanguage: 'SQL' });
  const about = { ...common(batch), job: { namespace: stack, name: 'ingest' }, outputs: [] };
  const runId = batchId(batch);
  return [
    { ...about, eventType: 'START', eventTime: openedAt, run: { runId, facets: {} }, inputs: [] },
    {
      ...about,
      eventType: state === 'DONE' ? 'COMPLETE' : 'FAIL',
      eventTime: endedAt.toISOString(),
      run: { runId, facets },
      inputs: batch.validation.length === 0 ? [] : datasetNames.map((dataset) => checked(batch, dataset)),
    },
  ];
}

/** The table of a dataset, with what the validation found of the batch in it; a check is named by its dataset and what it asserts. */
function checked(batch: LineageBatch, dataset: string): LineageDataset {
  const facet = facetsBy(producerOf(batch));
  const owner = (check: string): string | undefined =>
    datasetNames.filter((name) => check.startsWith(`${name}_`)).sort((a, b) => b.length - a.length)[0];
  const assertions = batch.validation
    .filter(({ name }) => owner(name) === dataset)
    .map(({ name, violations }) => ({
      ...{ assertion: 'custom_sql', name, success: violations === 0 },
      ...{ expected: '0', actual: String(violations) },
    }));
  return { ...tableInput(batch, dataset), inputFacets: facet('dataQualityAssertions', { assertions }) };
}

function runEvents(batch: LineageBatch, dataset: string, run: PastRun): LineageEvent[] {
  const { stack, manifest } = batch;
  const facet = facetsBy(producerOf(batch));
  const parent = facet('parent', {
    run: { runId: batchId(batch) },
    job: { namespace: stack, name: 'ingest' },
  });
  const runId = uuidOf(`${stack}/${dataset}/${run.id}`);
  const wrote = (document: { dataset: string; jobRunId: string }): boolean =>
    document.dataset === dataset && document.jobRunId === run.id;
  const restoration = batch.restorations.find(wrote);
  const result = batch.results.find(wrote);
  const about = {
    ...common(batch),
    job: { namespace: stack, name: `${stack}-${dataset}` },
    inputs: restoration === undefined ? inputsOf(batch, dataset, result) : [],
  };
  const start: LineageEvent = {
    ...about,
    ...{
      eventType: 'START',
      eventTime: run.startedAt.toISOString(),
      run: { runId, facets: parent },
      outputs: [],
    },
  };
  if (run.endedAt === undefined) return [start];
  const error = facet('errorMessage', {
    message: run.error ?? `The run ended without a reason in batch ${manifest.number}`,
    programmingLanguage: 'PYTHON',
  });
  const end: LineageEvent = {
    ...about,
    eventType: run.succeeded ? 'COMPLETE' : 'FAIL',
    eventTime: run.endedAt.toISOString(),
    run: { runId, facets: run.succeeded ? parent : { ...parent, ...error } },
    outputs: run.succeeded ? outputsOf(batch, result, restoration) : [],
  };
  return [start, end];
}

/** The versions of the files that the job read, and the tables in which it looked for parents. */
function inputsOf(batch: LineageBatch, dataset: string, result: JobResult | undefined): LineageDataset[] {
  const { manifest, accepted } = batch;
  const facet = facetsBy(producerOf(batch));
  const rows = new Map((result?.files ?? []).map((file) => [file.fileId, file.rows]));
  const files = (accepted.get(dataset) ?? []).map(({ fileId, key, versionId }): LineageDataset => {
    const counts = rows.get(fileId);
    const file = {
      ...{ namespace: `s3://${manifest.landingBucket}`, name: key },
      facets: facet('version', { datasetVersion: versionId }),
    };
    if (counts === undefined) return file;
    const assertion = {
      ...{
        assertion: 'row_rules',
        success: counts.rejected === 0,
        expected: '0',
        actual: String(counts.rejected),
      },
      description: 'Rows that break a rule of the contract',
    };
    return { ...file, inputFacets: facet('dataQualityAssertions', { assertions: [assertion] }) };
  });
  const parents = isDatasetName(dataset) ? parentsOf(dataset) : [];
  return [...files, ...parents.map((parent) => tableInput(batch, parent, result?.parents?.[parent]))];
}

/** The table at the version that the job pinned (-1: there was none), else as the batch left it. */
function tableInput(batch: LineageBatch, name: string, pinned?: number): LineageDataset {
  const written = [...batch.results, ...batch.restorations].flatMap(({ tables: after }) => after);
  const left = written.find((table) => table.name === name)?.version ?? batch.manifest.tables[name];
  const version = pinned === -1 ? null : (pinned ?? left);
  const facets =
    version == null ? {} : facetsBy(producerOf(batch))('version', { datasetVersion: String(version) });
  return { namespace: `s3://${batch.manifest.warehouseBucket}`, name, facets };
}

function outputsOf(
  batch: LineageBatch,
  result: JobResult | undefined,
  restoration: Restoration | undefined,
): LineageDataset[] {
  const facet = facetsBy(producerOf(batch));
  return (
    (result ?? restoration)?.tables.map(({ name, version, columns }): LineageDataset => {
      const fields = columns.map((column, index) => ({ ...column, ordinal_position: index + 1 }));
      const facets: Facets = {
        ...facet('schema', { fields }),
        ...facet('version', { datasetVersion: String(version) }),
        ...facet('storage', { storageLayer: 'delta', fileFormat: 'parquet' }),
      };
      const output = { namespace: `s3://${batch.manifest.warehouseBucket}`, name, facets };
      if (result === undefined) return output;
      return { ...output, outputFacets: facet('outputStatistics', { rowCount: rowsWritten(result, name) }) };
    }) ?? []
  );
}

/** Rows that the batch put into the table: new and changed ones, rejects, or rows that began to wait. */
function rowsWritten({ files, redriven }: JobResult, name: string): number {
  const kind = tables.find((table) => table.name === name)?.kind;
  const outcomes = { rows: ['inserted', 'updated'], rejects: ['rejected'], orphans: ['orphaned'] } as const;
  const counted = kind === undefined ? [] : outcomes[kind];
  // an orphan that moved on is orphaned -1: it left the table, nothing was written to it
  const all = [...files, ...(kind === 'orphans' ? [] : redriven)];
  return all.reduce((total, { rows }) => total + counted.reduce((sum, outcome) => sum + rows[outcome], 0), 0);
}

function batchId({ stack, manifest }: LineageBatch): string {
  return uuidOf(`${stack}/${manifest.epoch}/${manifest.number}`);
}

/** The code that the batch ran: its key holds a hash of the content. */
function producerOf({ manifest }: LineageBatch): string {
  return manifest.release.scriptLocation;
}

function common(batch: LineageBatch): Pick<LineageEvent, 'producer' | 'schemaURL'> {
  return { producer: producerOf(batch), schemaURL: EVENT_SCHEMA };
}
