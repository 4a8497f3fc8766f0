import type { IngestOutput } from '../../generated/types/outputs/ingest';
import type { SmokeCheck } from '../../generated/types/outputs/smoke';
import { type MetricSeries, nameOfSeries } from './loadMetrics';

/** What a smoke run saw. */
export interface SmokeRun {
  readonly output: IngestOutput;
  readonly timedOut: boolean;
  /** Version of the state machine that each batch ran on; undefined where it was started without one. */
  readonly ranOn: readonly (string | undefined)[];
}

/** What it has to be. */
export interface SmokeExpectation {
  /** ARN of the release that is live. */
  readonly release: string;
  readonly datasets: readonly string[];
  /** Rows of each file, by key. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Whether every batch of the run was loaded by the release; a holder of the lease may still have been on another. */
export function ranOnRelease({ ranOn }: SmokeRun, release: string): boolean {
  return ranOn.length > 0 && ranOn.every((arn) => arn === release);
}

/** Every check but that of the metrics, with what it found; the smoke has passed when all have. */
export function judgeSmoke(run: SmokeRun, expected: SmokeExpectation): SmokeCheck[] {
  const { output, timedOut } = run;
  return [
    check('finished', timedOut ? ['not all files had their final state at the timeout'] : []),
    check('files', output.files.flatMap(problemOfFile(expected.rows))),
    check('jobs', missingDatasets(output, expected.datasets)),
    check(
      'release',
      ranOnRelease(run, expected.release)
        ? []
        : [`ran on ${run.ranOn.map(String).join(', ') || 'nothing'}, live is ${expected.release}`],
    ),
    check('validation', violationsOf(output)),
  ];
}

/** The check that the load is measured: `missing` has got no value since it began. */
export function judgeMetrics(missing: readonly MetricSeries[]): SmokeCheck {
  return check(
    'metrics',
    missing.map((series) => `CloudWatch has no ${nameOfSeries(series)} of this load`),
  );
}

function check(name: SmokeCheck['name'], problems: readonly string[]): SmokeCheck {
  return { name, passed: problems.length === 0, problems: [...problems] };
}

/** A file must be loaded whole: every row it has accounted for in the tables, none set aside. */
function problemOfFile(expected: ReadonlyMap<string, number>) {
  return ({ key, state, rows, reasons }: IngestOutput['files'][number]): string[] => {
    if (state !== 'ARCHIVED' || rows === null) {
      return [`${key} is ${state}${reasons.map(({ message }) => `: ${message}`).join('')}`];
    }
    const read = expected.get(key) ?? 0;
    if (rows.read !== read) return [`${key}: ${rows.read} rows were read, it has ${read}`];
    const aside = rows.rejected + rows.orphaned + (rows.erased ?? 0);
    return aside === 0 ? [] : [`${key}: ${aside} rows are not in the table`];
  };
}

function missingDatasets({ batches }: IngestOutput, datasets: readonly string[]): string[] {
  const loaded = new Set(batches.flatMap((batch) => batch.datasets));
  return datasets.filter((dataset) => !loaded.has(dataset)).map((dataset) => `no job ran for ${dataset}`);
}

/** What the validations of its batches found; that there is none is the release's fault too. */
function violationsOf({ validation }: IngestOutput): string[] {
  if (validation.length === 0) return ['no validation of its batches is on record'];
  return validation.flatMap(({ name, violations }) =>
    violations > 0 ? [`${name}: ${violations} violations`] : [],
  );
}
