import { type Rows } from '../../../generated/types/documents/fileItem';
import { type TableCommit } from '../../../generated/types/outputs/statusTable';
import { type EntryItem, type FileItem } from '../../ledger/items';
import { type Facts, type Run, type Sample } from '../facts';
import { lineage, type LineageStep } from './lineage';
import { type MachineRun, machineRun } from './machine';
import { type RejectTrend, rejectTrends } from './rejects';
import { accounted, sumRows } from './rowCounts';
import { tableReport, type TableReport } from './tables';

/** Rows of a dataset's files, by outcome; `files` are those that were loaded. */
export interface DatasetRows {
  readonly dataset: string;
  readonly files: number;
  readonly rows: Rows;
}

export interface BatchReport extends Pick<
  EntryItem,
  'number' | 'kind' | 'state' | 'openedAt' | 'files' | 'datasets' | 'jobRuns'
> {
  /** Of a rollback: the batch before which the tables returned. */
  readonly rollsBack: number | null;
  readonly seconds: number | null;
  /** Of all validation queries; null when it has not run. */
  readonly violations: number | null;
  readonly rows: Rows;
  readonly lastError: string | null;
}

/** good: all is loaded and valid. busy: a batch is open, or files wait. bad: somebody has to look. */
export type Tone = 'good' | 'busy' | 'bad';

/** What the page shows, without a word of markup. Batches are oldest first. */
export interface Report {
  readonly stage: string;
  readonly writtenAt: string;
  readonly tone: Tone;
  readonly headline: string;
  readonly run: (Omit<Run, 'definition' | 'events'> & { readonly machine: MachineRun }) | undefined;
  readonly files: readonly FileItem[];
  readonly rows: readonly DatasetRows[];
  /** Rows read minus rows whose end is known. */
  readonly unaccounted: number;
  readonly waitingRows: number;
  readonly batches: readonly BatchReport[];
  readonly rejects: readonly RejectTrend[];
  readonly tables: readonly TableReport[];
  readonly samples: readonly Sample[];
  readonly lineage: readonly LineageStep[];
}

export type { LineageStep, RejectTrend, TableCommit, TableReport };

/** The report of what was read. */
export function report(facts: Facts): Report {
  const batches = facts.batches.map(({ entry, results }) => batchReport(entry, results));
  const rows = datasetRows(facts.files);
  return {
    stage: facts.stage,
    writtenAt: facts.writtenAt,
    ...verdict(facts, batches),
    run: facts.run && { ...withoutHistory(facts.run), machine: machineRun(facts.run) },
    files: [...facts.files].sort((a, b) => (a.key < b.key ? -1 : 1)),
    rows,
    unaccounted: rows.reduce((sum, { rows: counts }) => sum + counts.read - accounted(counts), 0),
    waitingRows: Object.values(facts.control?.orphans ?? {}).reduce((sum, { waiting }) => sum + waiting, 0),
    batches,
    rejects: rejectTrends(
      facts.rejects,
      facts.batches.map(({ entry }) => entry.number),
    ),
    tables: facts.tables.map(tableReport),
    samples: facts.samples,
    lineage: facts.batches.flatMap(lineage),
  };
}

function withoutHistory({ arn, status, startedAt, endedAt }: Run): Omit<Run, 'definition' | 'events'> {
  return { arn, status, startedAt, endedAt };
}

function datasetRows(files: readonly FileItem[]): DatasetRows[] {
  const datasets = [...new Set(files.map(({ dataset }) => dataset))].sort();
  return datasets.flatMap((dataset) => {
    const loaded = files.flatMap((file) => (file.dataset === dataset && file.rows ? [file.rows] : []));
    return loaded.length === 0 ? [] : [{ dataset, files: loaded.length, rows: sumRows(loaded) }];
  });
}

function batchReport(entry: EntryItem, results: Facts['batches'][number]['results']): BatchReport {
  const { number, kind, state, rollsBack, openedAt, files, datasets, jobRuns } = entry;
  const { seconds, validation, lastError } = entry;
  return {
    ...{ number, kind, state, openedAt, files, datasets, jobRuns },
    rollsBack: rollsBack ?? null,
    seconds: seconds ?? null,
    violations: validation?.reduce((sum, { violations }) => sum + violations, 0) ?? null,
    rows: sumRows(results.flatMap((result) => result.files.map(({ rows }) => rows))),
    lastError: lastError ?? null,
  };
}

const BAD_FILES: readonly string[] = ['FAILED', 'WITHDRAWN'];
const BUSY: readonly string[] = ['OPEN', 'WITHDRAWING'];

function verdict({ files }: Facts, batches: readonly BatchReport[]): Pick<Report, 'tone' | 'headline'> {
  const last = batches.at(-1);
  if (last === undefined) return { tone: 'busy', headline: 'Nothing has been loaded yet.' };
  const name = `Batch ${last.number}`;
  if (BUSY.includes(last.state)) {
    return last.lastError === null
      ? { tone: 'busy', headline: `${name} is being loaded.` }
      : { tone: 'bad', headline: `${name} stopped and is still open: ${last.lastError}` };
  }
  if (last.state !== 'DONE') return { tone: 'bad', headline: `${name}, the last one, ended ${last.state}.` };
  if ((last.violations ?? 0) > 0) {
    return { tone: 'bad', headline: `${name} left ${last.violations ?? 0} violations in the tables.` };
  }
  const failed = files.filter(({ state }) => BAD_FILES.includes(state)).length;
  if (failed > 0)
    return { tone: 'bad', headline: `${several(failed, 'is', 'are')} not loaded: see lakehouse replay.` };
  const waiting = files.filter(({ state }) => state === 'PENDING').length;
  if (waiting > 0) return { tone: 'busy', headline: `${several(waiting, 'waits', 'wait')} for a batch.` };
  const refused = files.filter(({ state }) => state === 'REJECTED').length;
  const rest = refused === 0 ? '' : `; ${several(refused, 'was', 'were')} refused as a whole`;
  return { tone: 'good', headline: `Everything that arrived is accounted for and valid${rest}.` };
}

function several(count: number, one: string, many: string): string {
  return count === 1 ? `1 file ${one}` : `${count} files ${many}`;
}
