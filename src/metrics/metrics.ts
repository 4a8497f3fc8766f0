import definition from '../../schemas/metrics.json';

/** A metric of schemas/metrics.json. */
export interface Metric {
  readonly by: string;
  readonly unit: string;
  /** The function that emits it. */
  readonly from: string;
  /** What makes it be emitted, a key of EMITTED_WHEN. */
  readonly when: string;
  readonly description: string;
}

export type MetricName = keyof typeof definition.metrics;

/** The dimensions of a metric by its `by`, in the order of their names: nothing else is ever one, least of all a file. */
export const DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  stage: ['stage'],
  dataset: ['dataset', 'stage'],
  rule: ['dataset', 'rule', 'stage'],
  table: ['stage', 'table'],
  zone: ['stage', 'zone'],
};

/** What makes a metric be emitted, as the page on metrics says it. */
export const EMITTED_WHEN = {
  arrival: 'files that arrived are registered, or their rows published',
  batch: 'a batch is closed, for each dataset that it loads',
  rows: 'a batch that read rows is closed',
  rejects: 'a batch that rejected rows is closed, for each rule that they broke',
  tables: 'a batch is closed, for each table of the datasets that it changed',
  runs: 'a batch is closed and Glue tells of its job runs',
  maintenance: 'maintenance is closed, for each dataset with tables that it worked on',
  failure: 'a job run fails',
  sweep: 'a sweep looks',
  storage: 'storage is measured, once a day',
} as const;

export const namespace: string = definition.namespace;
export const metrics: Readonly<Record<MetricName, Metric>> = definition.metrics;

/** One value of a metric; of `dataset`, `rule`, `table` and `zone` exactly those are there that are its dimensions. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly dataset?: string;
  readonly rule?: string;
  readonly table?: string;
  readonly zone?: string;
}

/** Takes measurements. It never fails: a batch does not depend on being measured. */
export type Measure = (measurements: readonly Measurement[]) => void;
