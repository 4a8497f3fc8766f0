import { DIMENSIONS, type EMITTED_WHEN, type MetricName, metrics } from '../metrics/metrics';

/** A metric with the values of its dimensions, as CloudWatch keeps it. */
export interface MetricSeries {
  readonly name: MetricName;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Whatever becomes of files that arrive, these are emitted; the others need rows, failures, a sweep, or what Glue and the jobs say. */
const OF_A_LOAD: readonly string[] = ['arrival', 'batch'] satisfies (keyof typeof EMITTED_WHEN)[];

/** Every series that gets a value when a new file of each dataset is loaded. */
export function seriesOfLoad(stage: string, datasets: readonly string[]): MetricSeries[] {
  const names = Object.keys(metrics).filter(isMetricName);
  return names
    .filter((name) => OF_A_LOAD.includes(metrics[name].when))
    .flatMap((name) => {
      const dimensions = DIMENSIONS[metrics[name].by] ?? [];
      const values = dimensions.includes('dataset')
        ? datasets.map((dataset) => ({ dataset, stage }))
        : [{ stage }];
      return values.map((of) => ({ name, dimensions: of }));
    });
}

/** A series in words, for a message. */
export function nameOfSeries({ name, dimensions }: MetricSeries): string {
  const values = Object.entries(dimensions).map(([dimension, value]) => `${dimension}=${value}`);
  return `${name} (${values.join(', ')})`;
}

function isMetricName(name: string): name is MetricName {
  return name in metrics;
}
