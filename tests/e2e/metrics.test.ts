import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import rules from '../../schemas/rules.json';
import { datasetNames, tables, tablesOf } from '../../src/contract/contracts';
import type { LineageEvent } from '../../src/lineage/openLineage';
import { zones } from '../../src/metrics/measureStorage';
import { metrics } from '../../src/metrics/metrics';
import { s3Objects } from '../../src/objects/s3Objects';
import { type Emitted, readEmf } from '../unit/fakes/emfLines';
import { violationsOf } from '../unit/lineage/specification';
import { inWords, missingAmong, namedMetrics } from '../unit/metrics/named';
import { Lakehouse, projectDir, succeeded } from './lakehouse';
import { csv, row } from './rows';

jest.setTimeout(900_000);

const cloud = new Lakehouse();

beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

/** What the functions of the stack have written as metrics. */
async function emitted(): Promise<Emitted[]> {
  const logs = new CloudWatchLogsClient(cloud.client);
  const functions = [...new Set(Object.values(metrics).map(({ from }) => from))];
  const found = await Promise.all(
    functions.map(async (name) => {
      const logGroupName = `/aws/lambda/lakehouse-local-${name}`;
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }));
      return events.map(({ message }) => message ?? '');
    }),
  );
  return readEmf(found.flat().flatMap((message) => message.split('\n')));
}

const sum = (found: readonly Emitted[], metric: string): number =>
  found
    .filter((one) => inWords(one) === metric)
    .reduce((total, { values }) => total + values.reduce((a, b) => a + b, 0), 0);

/** The commands of the runbook, for the local stage. */
function commands(): string[] {
  const runbook = readFileSync(path.join(projectDir, 'docs/runbook.md'), 'utf8');
  const blocks = [...runbook.matchAll(/```bash\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  return [...new Set(blocks)];
}

describe('a load', () => {
  let found: Emitted[];

  beforeAll(async () => {
    for (const dataset of datasetNames) cloud.failGlueJob(`lakehouse-local-${dataset}`, 1);
    const item = { order_id: '1', product_id: '1' };
    await cloud.ingest(
      cloud.file('products/a.csv', csv('products', [row('products', 1)])),
      cloud.file(
        'orders/a.csv',
        csv('orders', [row('orders', 1), row('orders', 2, { total_amount: '1.999' })]),
      ),
      cloud.file(
        'order_items/a.csv',
        csv('order_items', [row('order_items', 1, item), row('order_items', 2, { order_id: '9' })]),
      ),
    );
    for (const event of ['{"sweep":true}', '{"storage":true}'])
      succeeded(
        await cloud.run('bash', ['-c', `npx sls invoke --stage local -f detectArrival --data '${event}'`]),
      );
    found = await emitted();
  });

  it('emits every metric that an alarm or a graph of the stage names, with exactly its dimensions', () => {
    expect(missingAmong(namedMetrics('local'), found)).toEqual([]);
  });

  it('counts what became of the files and rows', () => {
    expect(sum(found, 'FilesReceived dataset=orders,stage=local')).toBe(1);
    expect(sum(found, 'FilesArchived dataset=orders,stage=local')).toBe(1);
    expect(sum(found, 'RowsRead dataset=orders,stage=local')).toBe(2);
    expect(sum(found, 'RowsInserted dataset=orders,stage=local')).toBe(1);
    expect(sum(found, 'RowsRejected dataset=orders,stage=local')).toBe(1);
    expect(sum(found, 'RowsRejectedByRule dataset=orders,rule=SCALE,stage=local')).toBe(1);
    expect(sum(found, 'RejectRate dataset=orders,stage=local')).toBe(50);
    expect(sum(found, 'RowsUnaccounted dataset=orders,stage=local')).toBe(0);
    // two when its parents came a batch later
    expect([1, 2]).toContain(sum(found, 'RowsOrphaned dataset=order_items,stage=local'));
    expect(sum(found, 'OrphansWaiting dataset=order_items,stage=local')).toBeGreaterThanOrEqual(1);
    expect(sum(found, 'JobFailures dataset=orders,stage=local')).toBe(1);
    expect(sum(found, 'JobSeconds dataset=orders,stage=local')).toBeGreaterThan(0);
    expect(sum(found, 'EndToEndSeconds dataset=orders,stage=local')).toBeGreaterThan(0);
  });

  it('measures the files of the tables that it wrote', () => {
    const files = sum(found, 'TableFiles stage=local,table=orders');
    expect(files).toBeGreaterThanOrEqual(1);
    expect(sum(found, 'TableSmallFiles stage=local,table=orders')).toBe(files);
    expect(sum(found, 'TableAverageFileBytes stage=local,table=orders')).toBeGreaterThan(0);
  });

  it('measures what each zone stores', () => {
    const stored = (zone: string): number => sum(found, `ZoneBytes stage=local,zone=${zone}`);
    for (const zone of ['archived', 'tables', 'documents', 'lineage', 'query-results'])
      expect([zone, stored(zone) > 0]).toEqual([zone, true]);
  });

  it('has Athena tell bytes and time of its queries by workgroup, under the names that the graphs search for', async () => {
    const cloudwatch = new CloudWatchClient(cloud.client);
    for (const MetricName of ['ProcessedBytes', 'TotalExecutionTime']) {
      const { Metrics = [] } = await cloudwatch.send(
        new ListMetricsCommand({ Namespace: 'AWS/Athena', MetricName }),
      );
      const dimensions = Metrics.map(({ Dimensions = [] }) =>
        Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value] as const)),
      );
      expect(dimensions).toContainEqual({
        ...{ QueryState: 'SUCCEEDED', QueryType: 'DML', WorkGroup: 'lakehouse-local' },
      });
    }
  });

  it('names no file in any dimension', () => {
    const values = new Set(found.flatMap(({ dimensions }) => Object.values(dimensions)));
    const known = [
      'local',
      ...datasetNames,
      ...[...tables, ...rules].map(({ name }) => name),
      ...Object.keys(zones),
    ];
    expect([...values].filter((value) => !known.includes(value))).toEqual([]);
  });

  it('tags the kept copies with what their contracts say of the columns', async () => {
    const s3 = new S3Client({ ...cloud.client, forcePathStyle: true });
    const bucket = 'lakehouse-landing-local-000000000000';
    const tags: Record<string, unknown> = {};
    for await (const key of s3Objects(s3).keys(bucket, 'archived/')) {
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
      tags[key.split('/')[1] ?? ''] = TagSet;
    }
    const tagged = (Value: string) => [{ Key: 'classification', Value }];
    expect(tags).toEqual({ order_items: tagged('pii'), orders: tagged('pii'), products: tagged('none') });
  });

  it('leaves lineage that is as the specification says, and names the runs that failed and those that wrote the tables', async () => {
    const objects = s3Objects(new S3Client({ ...cloud.client, forcePathStyle: true }));
    const bucket = 'lakehouse-artefacts-local-000000000000';
    const events: LineageEvent[] = [];
    for await (const key of objects.keys(bucket, 'lineage/')) {
      const bytes = await objects.read({ bucket, key });
      events.push(JSON.parse(new TextDecoder().decode(bytes)) as LineageEvent);
    }
    expect(events.flatMap(violationsOf)).toEqual([]);
    const ends = events.filter(({ eventType }) => eventType !== 'START');
    for (const dataset of datasetNames) {
      const ofJob = ends.filter(({ job }) => job.name === `lakehouse-local-${dataset}`);
      expect(new Set(ofJob.map(({ eventType }) => eventType))).toEqual(new Set(['COMPLETE', 'FAIL']));
      const written = ofJob.flatMap(({ outputs }) => outputs.map(({ name }) => name));
      expect(new Set(written)).toEqual(new Set(tablesOf(dataset).map(({ name }) => name)));
    }
  });
});

describe('the runbook', () => {
  it.each(commands())('is right about: %s', async (command) => {
    const local = command.replace('--stage prod', '--stage local');
    expect(local).not.toBe(command);
    const finished = succeeded(await cloud.run('bash', ['-c', local]));
    expect(finished.stdout + finished.stderr).not.toBe('');
  });
});
