import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DIMENSIONS, type Measure, type Measurement, metrics, namespace } from './metrics';

/**
 * Writes measurements to the log as CloudWatch's Embedded Metric Format, one line for all that share their dimensions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(stage: string): Measure {
  return (measurements) => {
    const groups = new Map<string, { dimensions: Dimensions; group: Measurement[] }>();
    for (const measurement of measurements) {
      const dimensions = dimensionsOf(measurement, stage);
      const key = JSON.stringify(dimensions);
      const { group } = groups.get(key) ?? { group: [] };
      groups.set(key, { dimensions, group: [...group, measurement] });
    }
    for (const { group, dimensions } of groups.values()) publish(group, dimensions);
  };
}

type Dimensions = Readonly<Record<string, string>>;

/** In the order of DIMENSIONS. */
function dimensionsOf({ dataset, rule, table, zone }: Measurement, stage: string): Dimensions {
  return {
    ...(dataset && { dataset }),
    ...(rule && { rule }),
    stage,
    ...(table && { table }),
    ...(zone && { zone }),
  };
}

function publish(group: readonly Measurement[], dimensions: Dimensions): void {
  const line = new Metrics({ namespace });
  // Powertools adds a dimension of its own, `service`, which would double what alarms have to name
  line.clearDefaultDimensions();
  for (const [name, value] of Object.entries(dimensions)) line.addDimension(name, value);
  for (const { name, value } of group) line.addMetric(name, unitOf(name, Object.keys(dimensions)), value);
  line.publishStoredMetrics();
}

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** @throws TypeError when schemas/metrics.json gives the metric another unit than CloudWatch knows, or other dimensions. */
function unitOf(name: Measurement['name'], dimensions: readonly string[]): Unit {
  const { by, unit } = metrics[name];
  if (DIMENSIONS[by]?.join() !== dimensions.join())
    throw new TypeError(`${name} is measured by ${by} in schemas/metrics.json, not by ${dimensions.join()}`);
  const known = Object.values(MetricUnit).find((candidate) => candidate === unit);
  if (known === undefined)
    throw new TypeError(`${name} has the unit ${unit}, which CloudWatch does not know`);
  return known;
}
