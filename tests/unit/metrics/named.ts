import { datasetNames } from '../../../src/contract/contracts';
import { alarmResources } from '../../../src/generate/alarmResources';
import { dashboardResource } from '../../../src/generate/dashboardResource';
import { namespace } from '../../../src/metrics/metrics';
import type { Emitted } from '../fakes/emfLines';

/** Any value, of a graph that searches for the values of a dimension. */
const ANY = '*';

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

/** Those of the named metrics that nobody emitted; one with any value asks for at least one. */
export function missingAmong(named: readonly string[], emitted: readonly Emitted[]): string[] {
  const known = new Set(emitted.flatMap((one) => [inWords(one), ...searchesFor(one)]));
  return named.filter((metric) => !known.has(metric));
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

/** The search of a graph that finds it: only the stage is given. */
function searchesFor({ name, dimensions }: Emitted): string[] {
  const { stage } = dimensions;
  if (stage === undefined) return [];
  const keys = Object.keys(dimensions).sort();
  return [
    inWords({
      name,
      dimensions: Object.fromEntries(keys.map((key) => [key, key === 'stage' ? stage : ANY])),
    }),
  ];
}

const SEARCH =
  /SEARCH\('\{(?<space>[^,]+),(?<keys>[^}]+)\} MetricName="(?<name>[^"]+)" stage="(?<stage>[^"]+)"'/;

function ofSearch(line: readonly unknown[]): string[] {
  const { expression = '' } = (line[0] ?? {}) as { expression?: string };
  const { space, keys = '', name = '', stage = '' } = SEARCH.exec(expression)?.groups ?? {};
  if (space !== namespace) return [];
  const pairs = keys.split(',').map((key) => [key, key === 'stage' ? stage : ANY] as const);
  return [inWords({ name, dimensions: Object.fromEntries(pairs) })];
}

function ofGraph(line: readonly unknown[]): string[] {
  if (typeof line[0] === 'object') return ofSearch(line);
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
