import { hasOrphans, isDatasetName } from '../contract/contracts';
import { DIMENSIONS, type MetricName, metrics, namespace } from '../metrics/metrics';

/** An alarm of a CloudFormation template. */
export interface AlarmResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Where serverless fills in the stage's values. */
const STACK = '${self:custom.stack}';
const STAGE = '${sls:stage}';

/**
 * The alarms that every dataset and every function has, by logical id, and those on the service's own metrics. What is
 * there once and watches a service of AWS is written by hand in resources/alarms.yml.
 *
 * Each description ends with the place in the runbook that tells what to do.
 */
export function alarmResources(
  datasets: readonly string[],
  functions: readonly string[],
): Record<string, AlarmResource> {
  return Object.fromEntries([
    ...stageAlarms(),
    ...datasets.flatMap((dataset) => [...datasetAlarms(dataset), ...anomalies(dataset)]),
    ...functions.flatMap(functionAlarms),
  ]);
}

type Named = [id: string, resource: AlarmResource];

function stageAlarms(): Named[] {
  return [
    alarm('lease-too-old', '', {
      ...onOwn('LeaseAgeSeconds'),
      says: 'One execution has held the lease for longer than an execution may run; nothing else can load.',
      Threshold: '${param:executionTimeoutSeconds}',
      ComparisonOperator: 'GreaterThanThreshold',
      // one sweep is enough to tell, and sweeps may be an hour apart
      Period: 3600,
    }),
    alarm('validation-violations', '', {
      ...onOwn('ValidationViolations'),
      says: 'The Athena validation found violations after a batch.',
    }),
  ];
}

function datasetAlarms(dataset: string): Named[] {
  return [
    ...(isDatasetName(dataset) && hasOrphans(dataset) ? [orphanAlarm(dataset)] : []),
    alarm('rows-unaccounted', dataset, {
      ...onOwn('RowsUnaccounted', dataset),
      says: `Rows of ${dataset} are in no outcome or in two; the batch stopped before anything was booked.`,
    }),
    alarm('reject-rate', dataset, {
      ...onOwn('RejectRate', dataset),
      says: `A batch of ${dataset} had a large share of rows that break a rule.`,
      Threshold: '${param:rejectRateAlarmPercent}',
      ComparisonOperator: 'GreaterThanThreshold',
    }),
    alarm('job-failures', dataset, {
      ...onOwn('JobFailures', dataset),
      says: `So many runs of the ${dataset} job failed within an hour as one batch may try.`,
      Statistic: 'Sum',
      Threshold: '${param:jobMaxAttempts}',
      Period: 3600,
    }),
    alarm('job-memory', dataset, {
      Namespace: 'Glue',
      MetricName: 'glue.driver.jvm.heap.usage',
      Dimensions: [
        { Name: 'JobName', Value: `${STACK}-${dataset}` },
        { Name: 'JobRunId', Value: 'ALL' },
        { Name: 'Type', Value: 'gauge' },
      ],
      says: `The driver of the ${dataset} job has used more than nine tenths of its heap for a quarter of an hour.`,
      Threshold: 0.9,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
    }),
    alarm('no-files', dataset, {
      ...onOwn('FilesArchived', dataset),
      Condition: 'ExpectsFiles',
      says: `No file of ${dataset} was loaded for \${param:filesExpectedHours} hours.`,
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      Period: 3600,
      EvaluationPeriods: '${param:filesExpectedHours}',
      // no batch, no metric: that is exactly what this alarm is for
      TreatMissingData: 'breaching',
    }),
  ];
}

function orphanAlarm(dataset: string): Named {
  return alarm('oldest-orphan', dataset, {
    ...onOwn('OldestOrphanSeconds', dataset),
    says: `A row of ${dataset} has waited so long for its parent that the parent may not come; in the end it is rejected.`,
    Threshold: '${param:orphanAlarmSeconds}',
    ComparisonOperator: 'GreaterThanThreshold',
    // sweeps, which look, may be an hour apart
    Period: 3600,
  });
}

/** Bands that CloudWatch learns by hour and weekday: a change that no fixed threshold would name. */
function anomalies(dataset: string): Named[] {
  return [
    ...anomaly('rows-anomaly', dataset, 'RowsRead', 'Sum', 'LessThanLowerOrGreaterThanUpperThreshold'),
    ...anomaly('reject-rate-anomaly', dataset, 'RejectRate', 'Maximum', 'GreaterThanUpperThreshold'),
    ...anomaly('cost-anomaly', dataset, 'DpuSeconds', 'Sum', 'GreaterThanUpperThreshold'),
  ];
}

function anomaly(kind: string, dataset: string, name: MetricName, stat: string, comparison: string): Named[] {
  const { Namespace, MetricName, Dimensions } = onOwn(name, dataset);
  const id = `${pascalCase(kind)}${pascalCase(dataset)}`;
  return [
    [
      `${id}Detector`,
      {
        Type: 'AWS::CloudWatch::AnomalyDetector',
        Condition: 'DetectsAnomalies',
        Properties: { Namespace, MetricName, Dimensions, Stat: stat },
      },
    ],
    [
      `${id}Alarm`,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Condition: 'DetectsAnomalies',
        Properties: {
          AlarmName: `${STACK}-${kind}-${dataset}`,
          AlarmDescription: describe(
            `${name} of ${dataset} is outside of what is usual at this hour and weekday.`,
            kind,
          ),
          Metrics: [
            {
              Id: 'measured',
              ReturnData: true,
              MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 3600, Stat: stat },
            },
            // two standard deviations, CloudWatch's own default
            { Id: 'band', ReturnData: true, Expression: 'ANOMALY_DETECTION_BAND(measured, 2)' },
          ],
          ThresholdMetricId: 'band',
          ComparisonOperator: comparison,
          EvaluationPeriods: 1,
          TreatMissingData: 'notBreaching',
          AlarmActions: [{ Ref: 'AlertsTopic' }],
        },
      },
    ],
  ];
}

function functionAlarms(name: string): Named[] {
  const logicalId = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
  const metric = {
    Namespace: 'AWS/Lambda',
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: logicalId } }],
  };
  return [
    alarm('function-errors', name, {
      ...metric,
      MetricName: 'Errors',
      says: `${name} failed three times within a quarter of an hour: what passes by itself is repeated, this does not pass.`,
      Statistic: 'Sum',
      Threshold: 3,
      Period: 900,
    }),
    alarm('function-throttles', name, {
      ...metric,
      MetricName: 'Throttles',
      says: `${name} was throttled three times within a quarter of an hour: the account's concurrency is used up.`,
      Statistic: 'Sum',
      Threshold: 3,
      Period: 900,
    }),
  ];
}

interface Watched {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface Alarm extends Watched {
  readonly says: string;
  readonly Condition?: string;
  readonly [property: string]: unknown;
}

/** One of the service's own metrics. */
function onOwn(name: MetricName, dataset?: string): Watched {
  const values: Readonly<Record<string, string | undefined>> = { dataset, stage: STAGE };
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: (DIMENSIONS[metrics[name].by] ?? []).map((dimension) => ({
      Name: dimension,
      Value: values[dimension],
    })),
  };
}

/** Unless it says otherwise: the maximum of five minutes is 1 or more; no data is no alarm. */
function alarm(kind: string, subject: string, { says, Condition, ...properties }: Alarm): Named {
  const id = `${pascalCase(kind)}${pascalCase(subject)}Alarm`;
  const resource = {
    Type: 'AWS::CloudWatch::Alarm',
    ...(Condition === undefined ? {} : { Condition }),
    Properties: {
      AlarmName: [STACK, kind, kebabCase(subject)].filter((part) => part !== '').join('-'),
      AlarmDescription: describe(says, kind),
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'AlertsTopic' }],
      ...properties,
    },
  };
  return [id, resource];
}

function describe(says: string, kind: string): string {
  return `${says} \${param:runbookUrl}#${kind}`;
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|[_-])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `detectArrival` as `detect-arrival`; a dataset's name stays. */
function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
