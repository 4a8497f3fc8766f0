import definition from '../../schemas/metrics.json';

/** A metric of schemas/metrics.json. */
export interface Metric {
  readonly by: string;
  readonly unit: string;
  /** The function that emits it. */
  readonly from: string;
  readonly description: string;
}

export type MetricName = keyof typeof definition.metrics;

/** The dimensions of a metric by its `by`: nothing else is ever one, least of all a file. */
export const DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  stage: ['stage'],
  dataset: ['dataset', 'stage'],
};

export const namespace: string = definition.namespace;
export const metrics: Readonly<Record<MetricName, Metric>> = definition.metrics;

/** One value of a metric; `dataset` is there exactly for a metric by dataset. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly dataset?: string;
}

/** Takes measurements. It never fails: a batch does not depend on being measured. */
export type Measure = (measurements: readonly Measurement[]) => void;
