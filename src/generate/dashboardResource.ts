import { hasOrphans, isDatasetName, tablesOf } from '../contract/contracts';
import { zones } from '../metrics/measureStorage';
import { DIMENSIONS, type MetricName, metrics, namespace } from '../metrics/metrics';

/** A line of a graph, as CloudWatch writes it: namespace, metric, then names and values of dimensions, then options. */
type Line = readonly (string | Readonly<Record<string, unknown>>)[];

interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly stat: string;
  readonly period: number;
  readonly stacked?: boolean;
}

const STAGE = '${sls:stage}';
const HOUR = 3600;
const DAY = 86_400;
const WIDTH = 24;

/** Filled in by CloudFormation, like every other `${...}` of the body. */
const ON_BUCKETS = ['LandingBucket', 'WarehouseBucket', 'ArtefactsBucket'];

/** The dashboard of a stage as a CloudFormation resource. */
export function dashboardResource(
  datasets: readonly string[],
  functions: readonly string[],
): { Type: string; Properties: Record<string, unknown> } {
  const sections: [title: string, graphs: Graph[]][] = [
    ['Runs', runs(datasets, functions)],
    ['Quality', quality(datasets)],
    ['Latency', latency(datasets)],
    ['Tables', files(datasets)],
    ['Cost and use', cost(datasets)],
  ];
  let y = 0;
  const widgets: unknown[] = [];
  for (const [title, graphs] of sections) {
    const text = { markdown: `## ${title}` };
    widgets.push({ type: 'text', x: 0, y, width: WIDTH, height: 1, properties: text });
    y += 1;
    for (let from = 0; from < graphs.length; from += 3) {
      const row = graphs.slice(from, from + 3);
      const width = WIDTH / row.length;
      widgets.push(
        ...row.map((graph, index) => ({ ...widget(graph), x: index * width, y, width, height: 6 })),
      );
      y += 6;
    }
  }
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: '${self:custom.stack}',
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) },
    },
  };
}

function widget({ title, lines, stat, period, stacked = false }: Graph): Record<string, unknown> {
  const properties = {
    title,
    metrics: lines,
    stat,
    period,
    stacked,
    view: 'timeSeries',
    region: '${AWS::Region}',
  };
  return { type: 'metric', properties };
}

/** One of the service's own metrics: a line for each dataset or table where it is measured by those. */
function own(name: MetricName, subjects: readonly string[]): Line[] {
  const { by } = metrics[name];
  const lineOf = (subject?: string): Line => {
    const values: Readonly<Record<string, string | undefined>> = {
      stage: STAGE,
      ...(subject && { [by]: subject }),
    };
    const dimensions = (DIMENSIONS[by] ?? []).flatMap((key) => [key, values[key] ?? '']);
    return [namespace, name, ...dimensions, { label: subject ?? name }];
  };
  return by === 'stage' ? [lineOf()] : subjects.map(lineOf);
}

/** Whatever series one of the service's own metrics has in the stage: of its other dimensions no value is known before. */
function found(name: MetricName, stat: string): Line[] {
  const schema = [namespace, ...(DIMENSIONS[metrics[name].by] ?? [])].join();
  const expression = `SEARCH('{${schema}} MetricName="${name}" stage="${STAGE}"', '${stat}')`;
  return [[{ expression, id: 'found' }]];
}

function runs(datasets: readonly string[], functions: readonly string[]): Graph[] {
  const executions = ['Succeeded', 'Failed', 'TimedOut', 'Aborted'].map((end): Line => [
    ...['AWS/States', `Executions${end}`, 'StateMachineArn', '${IngestStateMachine}'],
  ]);
  const queue = (name: string, metric: string): Line => [
    ...['AWS/SQS', metric, 'QueueName', `\${${name}.QueueName}`],
  ];
  const errors = functions.map((name): Line => [
    ...[
      'AWS/Lambda',
      'Errors',
      'FunctionName',
      `\${${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction}`,
    ],
  ]);
  const batches = (['BatchesDone', 'BatchesFailed', 'BatchesWithdrawn'] as const).flatMap((name) =>
    own(name, []),
  );
  return [
    { title: 'Executions', lines: executions, stat: 'Sum', period: HOUR, stacked: true },
    { title: 'Batches', lines: batches, stat: 'Sum', period: HOUR, stacked: true },
    { title: 'Failed job runs', lines: own('JobFailures', datasets), stat: 'Sum', period: HOUR },
    {
      title: 'Files that wait, as sweeps find them',
      lines: own('FilesPending', []),
      stat: 'Maximum',
      period: HOUR,
    },
    {
      title: 'Messages in the dead letter queues',
      lines: ['ArrivalDlq', 'ArrivalRuleDlq'].map((name) =>
        queue(name, 'ApproximateNumberOfMessagesVisible'),
      ),
      ...{ stat: 'Maximum', period: 300 },
    },
    { title: 'Errors of functions', lines: errors, stat: 'Sum', period: HOUR, stacked: true },
  ];
}

const OUTCOMES = [
  'RowsInserted',
  'RowsUpdated',
  'RowsUnchanged',
  'RowsSuperseded',
  'RowsDuplicate',
  'RowsRejected',
  'RowsOrphaned',
  'RowsErased',
] as const;
const FATES = ['FilesReceived', 'FilesArchived', 'FilesRejected', 'FilesFailed', 'FilesWithdrawn'] as const;

function quality(datasets: readonly string[]): Graph[] {
  const named = (dataset: string) => (name: MetricName) =>
    own(name, [dataset]).map((line): Line => [...line.slice(0, -1), { label: name }]);
  return [
    ...datasets.map((dataset) => ({
      title: `Rows of ${dataset} by outcome`,
      lines: OUTCOMES.flatMap(named(dataset)),
      ...{ stat: 'Sum', period: DAY, stacked: true },
    })),
    ...datasets.map((dataset) => ({
      title: `Files of ${dataset}`,
      lines: FATES.flatMap(named(dataset)),
      ...{ stat: 'Sum', period: DAY },
    })),
    {
      title: 'Rejected rows by dataset and rule',
      lines: found('RowsRejectedByRule', 'Sum'),
      ...{ stat: 'Sum', period: DAY, stacked: true },
    },
    { title: 'Reject rate', lines: own('RejectRate', datasets), stat: 'Maximum', period: HOUR },
    {
      title: 'Rows unaccounted and violations: must be 0',
      lines: [...own('RowsUnaccounted', datasets), ...own('ValidationViolations', [])],
      ...{ stat: 'Maximum', period: HOUR },
    },
  ];
}

function latency(datasets: readonly string[]): Graph[] {
  const graph = (title: string, name: MetricName): Graph => ({
    ...{ title, lines: own(name, datasets), stat: 'Maximum', period: HOUR },
  });
  return [
    graph('From arrival to published, newest file', 'FreshnessSeconds'),
    graph('From arrival to published, oldest file', 'EndToEndSeconds'),
    graph('Batches, from plan to end', 'BatchSeconds'),
    graph('Running time of jobs', 'JobSeconds'),
    graph('Age of the lease', 'LeaseAgeSeconds'),
    {
      title: 'Age of the oldest row that waits for its parent',
      lines: own('OldestOrphanSeconds', datasets.filter(isDatasetName).filter(hasOrphans)),
      ...{ stat: 'Maximum', period: HOUR },
    },
  ];
}

function files(datasets: readonly string[]): Graph[] {
  const tables = datasets.filter(isDatasetName).flatMap((dataset) => tablesOf(dataset));
  const graph = (title: string, name: MetricName): Graph => {
    const lines = own(
      name,
      tables.map((table) => table.name),
    );
    return { title, lines, stat: 'Maximum', period: DAY };
  };
  return [
    graph('Files', 'TableFiles'),
    graph('Small files', 'TableSmallFiles'),
    graph('Average size of files', 'TableAverageFileBytes'),
    { ...graph('Bytes of the present versions', 'TableBytes'), stacked: true },
  ];
}

function cost(datasets: readonly string[]): Graph[] {
  const used = own('DpuSeconds', datasets).map((line, index): Line => [
    ...line.slice(0, -1),
    { id: `m${index}`, visible: false },
  ]);
  const total = {
    expression: 'SUM(METRICS()) / 3600 * ${param:dpuHourUsd}',
    label: 'USD of Glue',
    id: 'usd',
  };
  const sizes = ON_BUCKETS.map((bucket): Line => [
    ...['AWS/S3', 'BucketSizeBytes', 'BucketName', `\${${bucket}}`, 'StorageType', 'StandardStorage'],
  ]);
  // Athena tells queries apart by type and end as well: all are searched for, in every workgroup whose name begins with the
  // stack's, so that people who have one each are seen apart
  const athena = (metric: string, stat: string): Line[] => [
    [
      {
        expression: `SEARCH('{AWS/Athena,QueryState,QueryType,WorkGroup} MetricName="${metric}" WorkGroup=\${WorkGroup}', '${stat}')`,
        id: 'found',
      },
    ],
  ];
  return [
    { title: 'Cost of the jobs', lines: [[total], ...used], stat: 'Sum', period: DAY },
    { title: 'DPU-seconds', lines: own('DpuSeconds', datasets), stat: 'Sum', period: DAY, stacked: true },
    { title: 'Bytes stored by bucket', lines: sizes, stat: 'Average', period: DAY },
    {
      title: 'Bytes stored by zone, old versions included',
      lines: own('ZoneBytes', Object.keys(zones)),
      ...{ stat: 'Average', period: DAY, stacked: true },
    },
    {
      title: 'Bytes read by queries, by workgroup',
      lines: athena('ProcessedBytes', 'Sum'),
      stat: 'Sum',
      period: DAY,
    },
    {
      title: 'Time of queries, by workgroup',
      lines: athena('TotalExecutionTime', 'Maximum'),
      stat: 'Maximum',
      period: HOUR,
    },
  ];
}
