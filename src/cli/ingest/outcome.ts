import {
  type IngestedFile,
  type IngestOutput,
  type TableState,
  type ValidationResult,
} from '../../../generated/types/outputs/ingest';
import { type EntryItem } from '../../ledger/items';
import { rowOutcomes } from '../../outcome/rows';
import { ExitCode } from '../errors';
import { renderTable } from '../table';
import { type Followed } from './follow';
import { type Uploaded } from './upload';

/** A file with its identity in the ledger. */
export interface IdentifiedFile extends Pick<Uploaded, 'key' | 'dataset'> {
  readonly fileId: string;
}

/** What the run gave, for these files and the batches that took them. */
export function ingestOutput(
  uploaded: readonly IdentifiedFile[],
  followed: Followed,
  datasets: readonly string[],
): IngestOutput {
  return {
    files: uploaded.map((file) => fileOutput(file, followed)),
    batches: followed.entries.map(({ number, datasets: loaded, jobRuns, seconds }) => ({
      number,
      datasets: loaded,
      jobRuns,
      seconds: seconds ?? null,
    })),
    validation: validationOf(followed.entries),
    tables: latestTables(followed.entries).filter(({ name }) => datasets.includes(name)),
  };
}

function fileOutput({ fileId, key, dataset }: IdentifiedFile, { files }: Followed): IngestedFile {
  const file = files.get(fileId);
  return {
    key,
    dataset,
    state: file?.state ?? 'UPLOADED',
    reasons: file?.reasons ?? [],
    rows: file?.rows ?? null,
  };
}

/** A validation looks at what its batch wrote, so those of all batches count together. */
function validationOf(entries: readonly EntryItem[]): ValidationResult[] {
  const found = new Map<string, number>();
  for (const { name, violations } of entries.flatMap(({ validation = [] }) => validation))
    found.set(name, (found.get(name) ?? 0) + violations);
  return [...found].map(([name, violations]) => ({ name, passed: violations === 0, violations }));
}

/** Each table as the last of the entries that names it left it. */
export function latestTables(entries: readonly EntryItem[]): TableState[] {
  const byName = new Map<string, TableState>();
  for (const { tables = [] } of entries) {
    for (const { name, rows, version } of tables) byName.set(name, { name, rows, version });
  }
  return [...byName.values()];
}

/** The exit status of an ingestion that gave this. A validation that is not on record has not passed. */
export function exitCodeOf({ files, validation }: IngestOutput, timedOut: boolean): number {
  if (timedOut) return ExitCode.stillRunning;
  const settled = files.every(({ state }) => state === 'ARCHIVED' || state === 'REJECTED');
  const valid = validation.length > 0 && validation.every(({ passed }) => passed);
  return settled && valid ? ExitCode.ok : ExitCode.failed;
}

const COUNTS = ['read', ...rowOutcomes] as const;

/** The output for people. */
export function renderOutput({ files, batches, validation, tables }: IngestOutput): string {
  const fileRows = files.map(({ key, state, rows }) => [
    key.replace(/^raw\//u, ''),
    state,
    ...COUNTS.map((count) => rows?.[count]),
  ]);
  const reasons = files.flatMap(({ key, reasons: list }) =>
    list.map(({ rule, message }) => `${key}: ${rule}: ${message}\n`),
  );
  const violated = validation.filter(({ passed }) => !passed);
  return [
    renderTable(['file', 'state', ...COUNTS], fileRows),
    ...reasons,
    renderTable(
      ['batch', 'datasets', 'job runs', 'seconds'],
      batches.map(({ number, datasets, jobRuns, seconds }) => [
        number,
        datasets.join(', '),
        jobRuns,
        seconds,
      ]),
    ),
    renderTable(
      ['table', 'rows', 'version'],
      tables.map(({ name, rows, version }) => [name, rows, version]),
    ),
    validation.length === 0
      ? 'validation: no result on record\n'
      : `validation: ${validation.length - violated.length} of ${validation.length} passed\n`,
    ...violated.map(({ name, violations }) => `validation ${name}: ${violations} violations\n`),
  ].join('');
}
