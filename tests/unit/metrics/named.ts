import { datasetNames } from '../../../src/contract/contracts';
import { alarmResources } from '../../../src/generate/alarmResources';
import { dashboardResource } from '../../../src/generate/dashboardResource';
import { namespace } from '../../../src/metrics/metrics';
import type { Emitted } from '../fakes/emfLines';

/** Metrics that an alarm or a graph of a stage names, each as its name and its dimensions with their values. */
export function namedMetrics(stage: string): string[] {
  const alarms = Object.values(alarmResources(datasetNames, [])).flatMap(({ Properties }) => [
    Properties,
    ...listOf(Properties['Metrics']).map(
      ({ MetricStat }) => (MetricStat as { Metric?: unknown } | undefined)?.Metric,
    ),
  ]);
  const body = dashboardResource(datasetNames, []).Properties['DashboardBody'] as { 'Fn::Sub': string };
  const { widgets } = JSON.parse(body['Fn::Sub']) as { widgets: { properties: { metrics?: unknown[][] } }[] };
  const graphs = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  const named = [...alarms.flatMap(ofAlarm), ...graphs.flatMap(ofGraph)];
  return [...new Set(named.map((text) => text.replaceAll('${sls:stage}', stage)))].sort();
}

/** What was emitted, in the same words. */
export function inWords({ name, dimensions }: Pick<Emitted, 'name' | 'dimensions'>): string {
  return `${name} ${Object.entries(dimensions)
    .map(([key, value]) => `${key}=${value}`)
    .join()}`;
}

function ofAlarm(metric: unknown): string[] {
  const { Namespace, MetricName, Dimensions } = (metric ?? {}) as Record<string, unknown>;
  if (Namespace !== namespace) return [];
  const dimensions = listOf(Dimensions).map(({ Name, Value }) => [String(Name), String(Value)] as const);
  return [inWords({ name: String(MetricName), dimensions: Object.fromEntries(dimensions) })];
}

function ofGraph(line: readonly unknown[]): string[] {
  const [space, name, ...rest] = line.filter((part) => typeof part === 'string');
  if (space !== namespace) return [];
  const pairs = rest.flatMap((key, index) =>
    index % 2 === 0 ? [[key, String(rest[index + 1])] as const] : [],
  );
  return [inWords({ name: String(name), dimensions: Object.fromEntries(pairs) })];
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}
