import { smallBytes } from '../../schemas/tables/files.json';
import { DIMENSIONS, EMITTED_WHEN, type Metric } from '../metrics/metrics';

/** How many values the dimensions of metrics can have. */
export interface Values {
  readonly datasets: number;
  /** Of single rows. */
  readonly rules: number;
  readonly tables: number;
  readonly zones: number;
}

/** docs/metrics.md: every metric with its unit, its dimensions and where it comes from. */
export function metricsPage(
  namespace: string,
  metrics: Readonly<Record<string, Metric>>,
  { datasets, rules, tables, zones }: Values,
  alarms: { readonly standard: number; readonly anomaly: number },
): string {
  const all = Object.entries(metrics);
  const of = (kind: string): number => all.filter(([, { by }]) => by === kind).length;
  const regular = of('stage') + of('dataset') * (datasets + 1) + of('table') * tables + of('zone') * zones;
  const rows = all.map(
    ([name, { by, unit, from, when, description }]) =>
      `| ${name} | ${unit} | ${(DIMENSIONS[by] ?? []).join(', ')} | ${from} | ${when} | ${description} |`,
  );
  const moments = Object.entries(EMITTED_WHEN).map(([when, means]) => `| ${when} | ${means} |`);
  return [
    '# Metrics',
    'Generated from schemas/metrics.json by `npm run generate`.',
    `Namespace \`${namespace}\`. The functions write them to their logs as CloudWatch's Embedded Metric Format, so measuring calls no service but ` +
      'Glue, for the time of the job runs, and cannot fail a batch. Everything is counted once, by the job, and stands in the batch’s documents and in the ledger; ' +
      '`publishOutcome` turns that into metrics when it has closed the entry. A function that dies in that moment leaves the batch unmeasured; ' +
      'the ledger is the record. On the laptop the local cloud makes metrics of the same lines; it evaluates no alarm on them.',
    [
      '| metric | unit | dimensions | from | when | meaning |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
    ['| when | |', '| --- | --- |', ...moments].join('\n'),
    'What queries read and how long they take, Athena measures itself, by workgroup (`AWS/Athena`, `ProcessedBytes` and `TotalExecutionTime`). It does not know users there: whoever is to be seen ' +
      'apart on the dashboard gets a workgroup of their own, named `lakehouse-STAGE-NAME`, with metrics on. Who asked is in the audit trail (`list_data_access`).',
    `A file is small below ${smallBytes / 2 ** 20} MiB; schemas/tables/files.json says why, and is the place to change it.`,
    'Those of `arrival` and `batch` are what `lakehouse smoke` waits for after its load.',
    '## What they cost',
    `A metric is billed once for each value of its dimensions. With ${datasets} datasets, \`unknown\` for keys in no dataset's folder, and ${tables} tables, ` +
      `that is ${regular} for a stage, whatever the number of files: no file, batch or run is ever a dimension. Each rule that rows of a dataset break adds one, ` +
      `of ${of('rule') * datasets * rules} that there could be; a rule that no row breaks costs nothing. CloudWatch charges for the hours in ` +
      'which a metric has data, 0.30 USD for a whole month of one at the list price of us-east-1 ' +
      '([pricing](https://aws.amazon.com/cloudwatch/pricing/)); a stage that loads one batch a day pays for one hour a day of those that `publishOutcome` ' +
      `emits, and for every hour of those of the sweep. Besides, ${alarms.standard} alarms on single metrics cost 0.10 USD a month each, and where ` +
      `\`anomalyDetection\` is on, ${alarms.anomaly} more on learned bands 0.30 USD each; a dashboard costs 3 USD a month beyond the first three of the account.`,
    '## What is not measured yet',
    'Bytes by folder of a bucket: S3 measures whole buckets, which the dashboard shows, and to list a folder costs a request for each 1,000 files that were ever kept. Bytes and ' +
      'seconds of queries by user (CloudWatch has them by workgroup).',
  ].join('\n\n');
}
