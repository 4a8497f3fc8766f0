import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Ingested, json, Lakehouse, succeeded, until } from './lakehouse';
import { csv, header, row } from './rows';

jest.setTimeout(900_000);

const cloud = new Lakehouse();
const LANDING = 'lakehouse-landing-local-000000000000';
beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

interface Status {
  files: Record<string, number>;
  tables: { name: string; rows: number; version: number }[];
}

async function status(): Promise<Status> {
  return json(succeeded(await cloud.lakehouse('status', '--json'))) as Status;
}

async function replay(...args: string[]): Promise<Ingested> {
  return json(succeeded(await cloud.lakehouse('replay', ...args, '--json'))) as Ingested;
}

function s3(): S3Client {
  return new S3Client({ ...cloud.client, forcePathStyle: true });
}

async function keysUnder(prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: LANDING, Prefix: prefix }));
  return Contents.map(({ Key }) => Key ?? '');
}

function fates({ files }: Ingested): Record<string, unknown> {
  return Object.fromEntries(files.map(({ key, state, rows }) => [key, [state, rows?.read]]));
}

describe('a lakehouse with rejects, orphans, duplicates and a refused file', () => {
  let before: Status;
  let batch: number;

  beforeAll(async () => {
    await cloud.ingest(
      cloud.file('products/p.csv', csv('products', [row('products', 1), row('products', '')])),
      cloud.file('orders/o.csv', csv('orders', [row('orders', 1), row('orders', 1), row('orders', 2)])),
      cloud.file('order_items/i.csv', [
        ...csv('order_items', [
          row('order_items', 1),
          row('order_items', 2, { product_id: '404' }),
          row('order_items', 3, { reordered: 'maybe' }),
        ]),
      ]),
      cloud.file('orders/refused.csv', csv('orders', [row('orders', 9)], header('orders').slice(1))),
    );
    before = await status();
    expect(Object.fromEntries(before.tables.map(({ name, rows }) => [name, rows]))).toMatchObject({
      ...{ products: 1, products_rejects: 1, orders: 2 },
      ...{ order_items: 1, order_items_rejects: 1, order_items_orphans: 1 },
    });
  });

  it('has the same tables, version by version, after everything was loaded again', async () => {
    const again = await replay('--from', '2000-01-01');

    expect(fates(again)).toEqual({
      'raw/order_items/i.csv': ['ARCHIVED', 3],
      'raw/orders/o.csv': ['ARCHIVED', 3],
      'raw/orders/refused.csv': ['REJECTED', undefined],
      'raw/products/p.csv': ['ARCHIVED', 2],
    });
    expect(again.files.find(({ key }) => key.endsWith('i.csv'))?.rows).toMatchObject({
      ...{ unchanged: 1, orphaned: 1, rejected: 1 },
    });
    expect(await status()).toMatchObject({ tables: before.tables, files: before.files });
    expect(again.batches).toHaveLength(1);
    batch = again.batches[0]?.number ?? 0;
  });

  it('keeps one copy of each file, under the batch that loaded it last', async () => {
    const kept = [...(await keysUnder('archived/')), ...(await keysUnder('rejected/'))];
    expect(kept.map((key) => key.replace(/[0-9a-f]{32}-/u, '')).sort()).toEqual([
      `archived/order_items/batch=${batch}/i.csv`,
      `archived/orders/batch=${batch}/o.csv`,
      `archived/products/batch=${batch}/p.csv`,
      `rejected/orders/batch=${batch}/refused.csv`,
      `rejected/orders/batch=${batch}/refused.csv.reasons.json`,
    ]);
    expect(await keysUnder('raw/')).toEqual([]);
  });

  it('only shows what would be loaded again in a dry run', async () => {
    const shown = succeeded(await cloud.lakehouse('replay', '--batch', String(batch), '--dry-run'));
    expect(shown.stderr.match(/would be loaded again/gu)).toHaveLength(4);
    expect((await status()).files).toEqual(before.files);
  });

  it('loads a file that FAILED once the cause is gone', async () => {
    const [copy = ''] = await keysUnder('archived/orders/');
    await s3().send(new DeleteObjectCommand({ Bucket: LANDING, Key: copy }));
    const failed = await cloud.lakehouse('replay', '--file', 'orders/o.csv', '--json');
    expect(failed.code).toBe(1);
    expect((json(failed) as Ingested).files).toMatchObject([
      { state: 'FAILED', reasons: [{ rule: 'SOURCE_GONE' }] },
    ]);

    const { DeleteMarkers = [] } = await s3().send(
      new ListObjectVersionsCommand({ Bucket: LANDING, Prefix: copy }),
    );
    const [marker] = DeleteMarkers;
    await s3().send(new DeleteObjectCommand({ Bucket: LANDING, Key: copy, VersionId: marker?.VersionId }));
    expect(fates(await replay('--failed'))).toEqual({ 'raw/orders/o.csv': ['ARCHIVED', 3] });
    expect((await status()).tables).toEqual(before.tables);
  });
});

describe('messages in the dead letter queues', () => {
  const sqs = (): SQSClient => new SQSClient(cloud.client);

  async function queue(name: string): Promise<string> {
    const { QueueUrl = '' } = await sqs().send(
      new GetQueueUrlCommand({ QueueName: `lakehouse-local-${name}` }),
    );
    return QueueUrl;
  }

  async function listenToTheQueue(enabled: boolean): Promise<void> {
    const lambda = new LambdaClient(cloud.client);
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    for (const { UUID } of EventSourceMappings) {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
    }
  }

  it('go back by our command and their files load; what cannot be read stays and is named', async () => {
    const [arrival, dlq, ruleDlq] = [
      await queue('arrival'),
      await queue('arrival-dlq'),
      await queue('arrival-rule-dlq'),
    ];
    await listenToTheQueue(false);
    for (const key of ['10', '11']) {
      const Body = `${csv('orders', [row('orders', key)]).join('\n')}\n`;
      await s3().send(new PutObjectCommand({ Bucket: LANDING, Key: `raw/orders/${key}.csv`, Body }));
    }
    // as if the function had failed on them until the queue gave up
    const dead: Message[] = [];
    await until('both messages are dead', async () => {
      await sqs().send(
        new ReceiveMessageCommand({ QueueUrl: arrival, VisibilityTimeout: 0, MaxNumberOfMessages: 10 }),
      );
      const { Messages = [] } = await sqs().send(
        new ReceiveMessageCommand({ QueueUrl: dlq, VisibilityTimeout: 0, MaxNumberOfMessages: 10 }),
      );
      dead.splice(0, dead.length, ...Messages);
      return dead.length === 2 || dead.map(({ Body }) => Body);
    });
    const [, second] = dead;
    await sqs().send(new SendMessageCommand({ QueueUrl: ruleDlq, MessageBody: second?.Body }));
    await sqs().send(new DeleteMessageCommand({ QueueUrl: dlq, ReceiptHandle: second?.ReceiptHandle }));
    await sqs().send(new SendMessageCommand({ QueueUrl: dlq, MessageBody: 'no event' }));
    await listenToTheQueue(true);

    const redriven = await cloud.lakehouse('redrive', '--json');
    expect(json(succeeded(redriven))).toMatchObject([
      { moved: 1, left: [{ reason: 'The message is no JSON document' }] },
      { moved: 1, left: [] },
    ]);
    await until('both files are loaded', async () => {
      const sql = "SELECT count(*) AS n FROM orders WHERE order_id IN ('10', '11')";
      const [loaded] = await cloud.query(sql);
      return loaded?.['n'] === 2;
    });
  });
});
