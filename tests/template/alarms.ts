import { expect, it } from '@jest/globals';
import { datasetNames, hasOrphans } from '../../src/contract/contracts';
import { DIMENSIONS, type MetricName, metrics } from '../../src/metrics/metrics';
import { at, ofType, type Package, resource } from './packaging';

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}
interface Alarm extends Metric {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: unknown;
  readonly TreatMissingData: string;
  readonly ThresholdMetricId?: string;
  readonly Metrics?: readonly { Id: string; MetricStat?: { Metric: Metric; Stat: string } }[];
}
interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly metrics?: readonly (readonly (string | object)[])[] };
}

/** What a dataset and a function are watched for; and what is watched once. */
const BY_DATASET = ['job-failures', 'job-memory', 'no-files', 'reject-rate', 'rows-unaccounted'];
const LEARNED = ['cost-anomaly', 'reject-rate-anomaly', 'rows-anomaly'];
const BY_FUNCTION = ['function-errors', 'function-throttles'];
const ONCE = [
  'arrival-age',
  'arrival-dlq',
  'arrival-rule-dlq',
  'executions-aborted',
  'executions-failed',
  'executions-timed-out',
  'lease-too-old',
  'validation-violations',
];

export function alarmTests(packages: () => Record<'staging' | 'prod', Package>): void {
  const template = () => packages().staging.template;
  const alarms = () =>
    ofType(template(), 'AWS::CloudWatch::Alarm').map(
      ([, { Condition, Properties }]) => [Properties as unknown as Alarm, Condition] as const,
    );
  const widgets = () => {
    const body = at(template(), 'Dashboard', 'DashboardBody', 'Fn::Sub') as string;
    return (JSON.parse(body) as { widgets: Widget[] }).widgets;
  };
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

  it('watches every dataset and every function for the same things', () => {
    const datasets = ofType(template(), 'AWS::Glue::Job').map(([id]) =>
      at(template(), id, 'DefaultArguments', '--DATASET'),
    );
    const functions = ofType(template(), 'AWS::Lambda::Function').map(([, { Properties }]) =>
      kebab((Properties['FunctionName'] as string).replace('lakehouse-staging-', '')),
    );
    const expected = [
      ...ONCE,
      ...[...BY_DATASET, ...LEARNED].flatMap((kind) =>
        datasets.map((dataset) => `${kind}-${String(dataset)}`),
      ),
      ...datasetNames.filter(hasOrphans).map((dataset) => `oldest-orphan-${dataset}`),
      ...BY_FUNCTION.flatMap((kind) => functions.map((name) => `${kind}-${name}`)),
    ].map((name) => `lakehouse-staging-${name}`);
    expect(
      alarms()
        .map(([{ AlarmName }]) => AlarmName)
        .sort(),
    ).toEqual(expected.sort());
  });

  it('tells the topic, and says in each alarm what it means and where the runbook says what to do', () => {
    for (const [alarm] of alarms()) {
      expect(alarm.AlarmActions).toEqual([{ Ref: 'AlertsTopic' }]);
      const [, says, url, anchor] = /^(.{20,}[.]) (\S+)#([a-z-]+)$/.exec(alarm.AlarmDescription) ?? [];
      expect([alarm.AlarmName, says?.length, url]).toEqual([
        alarm.AlarmName,
        expect.any(Number),
        'docs/runbook.md',
      ]);
      const name = alarm.AlarmName.replace('lakehouse-staging-', '');
      expect([name, name === anchor || name.startsWith(`${String(anchor)}-`)]).toEqual([name, true]);
    }
  });

  it('takes missing data for a fault only where files are expected', () => {
    for (const [{ AlarmName, TreatMissingData }, condition] of alarms()) {
      const expected = AlarmName.includes('-no-files-') ? ['breaching', 'ExpectsFiles'] : ['notBreaching'];
      const learned = LEARNED.some((kind) => AlarmName.includes(kind)) ? ['DetectsAnomalies'] : [];
      const actual = [TreatMissingData, ...(condition === undefined ? [] : [condition])];
      expect([AlarmName, actual]).toEqual([AlarmName, [...expected, ...learned]]);
    }
    expect(packages().staging.template.Parameters['FilesExpected']).toMatchObject({ Default: 'false' });
    expect(packages().prod.template.Parameters['FilesExpected']).toMatchObject({ Default: 'true' });
  });

  it('names in alarms and graphs only metrics that exist, with exactly their dimensions', () => {
    const ofAlarms = alarms().flatMap(([alarm]) =>
      (alarm.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [alarm]).map(
        ({ Namespace, MetricName, Dimensions }) => [
          Namespace,
          MetricName,
          ...Dimensions.map(({ Name }) => Name),
        ],
      ),
    );
    const ofGraphs = widgets()
      .flatMap(({ properties }) => properties.metrics ?? [])
      .map((line) => line.filter((part) => typeof part === 'string'))
      .map(([space, name, ...rest]) => [space, name, ...rest.filter((_, index) => index % 2 === 0)]);
    const own = [...ofAlarms, ...ofGraphs].filter(([space]) => space === 'Lakehouse');
    expect(own.length).toBeGreaterThan(80);
    for (const [, name, ...dimensions] of own) {
      const metric = Object.hasOwn(metrics, String(name)) ? metrics[name as MetricName] : undefined;
      expect([name, dimensions]).toEqual([name, DIMENSIONS[String(metric?.by)]]);
    }
  });

  it('learns a band for exactly the metric and statistic that its alarm compares with it', () => {
    const detectors = ofType(template(), 'AWS::CloudWatch::AnomalyDetector').map(
      ([, { Properties }]) => Properties,
    );
    const compared = alarms().flatMap(([{ Metrics = [], ThresholdMetricId }]) => {
      if (ThresholdMetricId === undefined) return [];
      expect(Metrics.map(({ Id }) => Id)).toContain(ThresholdMetricId);
      return Metrics.flatMap(({ MetricStat }) =>
        MetricStat === undefined ? [] : [{ ...MetricStat.Metric, Stat: MetricStat.Stat }],
      );
    });
    expect(detectors).toEqual(compared);
  });

  it('lays graphs out without one over another, within the width that CloudWatch has', () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets()) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++)
        for (let row = y; row < y + height; row++) {
          expect(taken.has(`${column},${row}`)).toBe(false);
          taken.add(`${column},${row}`);
        }
    }
  });

  it('tells a chat channel when one is named, which may ask for nothing', () => {
    expect(resource(template(), 'AlertsChannel').Condition).toBe('HasChat');
    expect(resource(template(), 'AlertsChannel').Properties).toMatchObject({
      SnsTopicArns: [{ Ref: 'AlertsTopic' }],
      GuardrailPolicies: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll' }],
    });
    expect(template().Parameters['SlackWorkspaceId']).toMatchObject({ Default: '' });
  });
}
