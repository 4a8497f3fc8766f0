import type { Rollback } from '../../generated/types/documents/manifest';
import type { PublishOutcomeResult } from '../../generated/types/states/publishOutcome';
import type { Outcome } from '../../generated/types/states/outcome';

export type Alert = NonNullable<PublishOutcomeResult['alert']>;

/** What somebody should know of a batch. */
export interface Findings {
  readonly batch: number;
  readonly failedDatasets: readonly Outcome[];
  readonly violated: readonly { readonly name: string; readonly violations: number }[];
  /** Orphans rejected for their age, by dataset. */
  readonly expired: readonly { readonly dataset: string; readonly rows: number }[];
  /** Files that were given up, with the reason. */
  readonly failedFiles: readonly { readonly key: string; readonly reason: string }[];
  readonly backOff: boolean;
  /** The execution that left the entry without a word. */
  readonly abandonedBy: string | undefined;
  /** The alert of an earlier entry whose execution died before it could send it. */
  readonly unsent: string | undefined;
}

/** Files that a message names; the ledger has them all. */
const MOST_FILES = 20;

/** The message to send, or null when there is nothing to tell. */
export function alertOf(findings: Findings): Alert | null {
  const { batch, failedDatasets, violated, expired, failedFiles, backOff, abandonedBy, unsent } = findings;
  const lines = [
    ...failedDatasets.map(datasetLine),
    ...(backOff
      ? [
          'Its files wait again; nothing starts by itself before the next arrival or sweep. Look at the cause first.',
        ]
      : []),
    ...violated.map(({ name, violations }) => `Validation ${name} found ${violations} violations.`),
    ...expired.map(
      ({ dataset, rows }) => `${rows} rows of ${dataset} were rejected: their parent never came.`,
    ),
    ...failedFileLines(failedFiles),
    ...abandonedLines(abandonedBy),
    ...unsentLines(unsent),
  ];
  return lines.length === 0 ? null : alertWith(batch, lines.join('\n'));
}

/** The message that a batch was withdrawn: there is always something to tell. */
export function withdrawalAlert({
  batch,
  files,
  violated,
  failedDatasets,
  failedFiles,
  abandonedBy,
  unsent,
}: Pick<Findings, 'batch' | 'failedDatasets' | 'failedFiles' | 'abandonedBy' | 'unsent'> & {
  readonly files: number;
  /** Checks that found more than before the batch. */
  readonly violated: readonly {
    readonly name: string;
    readonly violations: number;
    readonly before: number;
  }[];
}): Alert {
  const lines = [
    `Batch ${batch} was withdrawn: every table it had changed is as it was before.`,
    ...violated.map(
      ({ name, violations, before }) =>
        `Validation ${name} found ${violations} violations, ${before} before the batch.`,
    ),
    ...failedDatasets.map(datasetLine),
    ...failedFileLines(failedFiles),
    files > 0
      ? 'Its files are WITHDRAWN and lie in raw/ as they came. Find the violating rows in them, mend the source or the ' +
        `check, and load them again with: lakehouse replay --batch ${batch}`
      : 'It had no files: rows that waited for a parent brought this. They wait on, and are looked at again with the next ' +
        'file of their dataset or of its parents. Find the violating rows among them and mend the check before that.',
    ...abandonedLines(abandonedBy),
    ...unsentLines(unsent),
  ];
  return alertWith(batch, lines.join('\n'));
}

/** The message that a batch was rolled back: somebody asked for it, others should know. */
export function rollbackAlert({
  entry,
  rollback: { batch, dataset, undone, queued, withdrawn },
  abandonedBy,
  unsent,
}: Pick<Findings, 'abandonedBy' | 'unsent'> & {
  /** The rollback's own number. */
  readonly entry: number;
  readonly rollback: Rollback;
}): Alert {
  const [what, to] = dataset === undefined ? [`Batch ${batch}`, ''] : [dataset, ` to before batch ${batch}`];
  const others = undone.filter((number) => dataset !== undefined || number > batch);
  const lines = [
    `${what} was rolled back by entry ${entry}${to}, as somebody asked: every table is as it was before it.`,
    `${withdrawn.length} files ${dataset === undefined ? 'that it had loaded' : 'loaded since'} are WITHDRAWN and stay where they are kept; they load again with: ` +
      `lakehouse replay --batch ${batch}`,
    ...(others.length === 0
      ? []
      : [
          `${queued.length} files of batches ${others.join(', ')} load again, in their old order, in the next batches.`,
        ]),
    ...abandonedLines(abandonedBy),
    ...unsentLines(unsent),
  ];
  return { subject: `Lakehouse ${what.toLowerCase()} was rolled back`, message: lines.join('\n') };
}

/** The message of maintenance, or null when there is nothing to tell: what it did is no news. */
export function maintenanceAlert({
  batch,
  failedDatasets,
  abandonedBy,
  unsent,
}: Pick<Findings, 'batch' | 'failedDatasets' | 'abandonedBy' | 'unsent'>): Alert | null {
  const lines = [
    ...failedDatasets.map(
      ({ dataset, failure }) =>
        `The tables of ${dataset} were not maintained to the end (${reasonOf(failure)}). No row is harmed, and loads go on; the ` +
        'rest is done the next time, or by: lakehouse maintain',
    ),
    ...abandonedLines(abandonedBy),
    ...unsentLines(unsent),
  ];
  return lines.length === 0 ? null : alertWith(batch, lines.join('\n'));
}

function datasetLine({ dataset, failure }: Outcome): string {
  return `${dataset} did not load (${reasonOf(failure)}).`;
}

function reasonOf(failure: Outcome['failure']): string {
  return failure === undefined ? 'no reason given' : `${failure.name}: ${failure.message}`;
}

function failedFileLines(files: Findings['failedFiles']): string[] {
  const more = files.length - MOST_FILES;
  return [
    ...files.slice(0, MOST_FILES).map(({ key, reason }) => `File ${key} FAILED: ${reason}`),
    ...(more > 0 ? [`And ${more} more files FAILED.`] : []),
  ];
}

function abandonedLines(abandonedBy: string | undefined): string[] {
  return abandonedBy === undefined
    ? []
    : [`The batch was finished after ${abandonedBy} ended without a report.`];
}

function unsentLines(unsent: string | undefined): string[] {
  return unsent === undefined ? [] : [`Not sent earlier: ${unsent}`];
}

export function alertWith(batch: number, message: string): Alert {
  return { subject: `Lakehouse batch ${batch} needs attention`, message };
}
