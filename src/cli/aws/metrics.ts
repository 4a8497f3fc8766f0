import {
  type CloudWatchClient,
  type MetricDataQuery,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { namespace } from '../../metrics/metrics';
import { type MetricSeries } from '../../release/loadMetrics';

/** The finest that CloudWatch keeps of metrics from logs. */
const PERIOD_SECONDS = 60;

/**
 * How many values each series has got since the minute of a moment, in the order of the series. One request takes 500 of
 * them: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export async function samplesWith(
  client: CloudWatchClient,
  series: readonly MetricSeries[],
  since: Date,
  now: Date,
): Promise<number[]> {
  const period = PERIOD_SECONDS * 1000;
  const counts = series.map(() => 0);
  const pages = paginateGetMetricData(
    { client },
    {
      MetricDataQueries: series.map(queryOf),
      StartTime: new Date(Math.floor(since.getTime() / period) * period),
      EndTime: new Date(Math.ceil(now.getTime() / period) * period + period),
    },
  );
  for await (const { MetricDataResults = [] } of pages)
    for (const { Id, Values = [] } of MetricDataResults) {
      const index = Number(Id?.slice(1));
      counts[index] = (counts[index] ?? 0) + Values.reduce((sum, count) => sum + count, 0);
    }
  return counts;
}

function queryOf({ name, dimensions }: MetricSeries, index: number): MetricDataQuery {
  return {
    Id: `s${index}`,
    MetricStat: {
      Metric: {
        ...{ Namespace: namespace, MetricName: name },
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      ...{ Period: PERIOD_SECONDS, Stat: 'SampleCount' },
    },
  };
}
