import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { alertInbox } from './alerts';
import { json, Lakehouse, succeeded, until } from './lakehouse';
import { csv, range, row } from './rows';

jest.setTimeout(900_000);

const cloud = new Lakehouse();
const ORDERS_JOB = 'lakehouse-local-orders';

beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

function orders(from: number, to: number): string[] {
  return csv(
    'orders',
    range(from, to).map((key) => row('orders', key)),
  );
}

async function control(): Promise<Record<string, unknown>> {
  const ledger = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.client));
  const { Item } = await ledger.send(
    new GetCommand({
      TableName: 'lakehouse-local-ledger',
      Key: { pk: 'control', sk: 'control' },
      ConsistentRead: true,
    }),
  );
  return Item ?? {};
}

describe('a Glue job that fails', () => {
  it('for a while is tried again, and the load succeeds', async () => {
    cloud.failGlueJob(ORDERS_JOB, 1);
    const outcome = await cloud.ingest(cloud.file('orders/flaky.csv', orders(1, 5)));

    expect(outcome.files).toMatchObject([{ state: 'ARCHIVED', rows: { inserted: 5 } }]);
  });

  it('for good is caught: alert sent, lease free, nothing lost, and the next run loads the file', async () => {
    const alerts = await alertInbox(cloud);
    cloud.failGlueJob(ORDERS_JOB, 'always');
    const stuck = await cloud.lakehouse(
      'ingest',
      cloud.file('orders/stuck.csv', orders(6, 10)),
      '--timeout',
      '45s',
      '--json',
    );

    expect(stuck.code).toBe(3);
    await until('an alert', async () => (await alerts()).some((body) => body.includes('orders')));
    await until('a free lease', async () => (await control())['owner'] === undefined);

    cloud.failGlueJob(ORDERS_JOB, null);
    const next = await cloud.ingest(cloud.file('orders/next.csv', orders(11, 12)));
    expect(next.files).toMatchObject([{ state: 'ARCHIVED', rows: { inserted: 2 } }]);
    expect(await cloud.query('SELECT count(*) AS n FROM orders')).toEqual([{ n: 12 }]);
  });
});

describe('a local cloud that is killed in mid-run', () => {
  it('ends with the same tables as an undisturbed run once it is started again', async () => {
    const file = cloud.file('orders/interrupted.csv', orders(13, 40));
    const running = cloud.lakehouse('ingest', file, '--json', '--timeout', '60s');
    await until('the batch is open', async () => (await control())['openEntry'] !== undefined);
    process.kill(cloud.pid, 'SIGKILL');
    await running;

    await cloud.up();
    const after = await cloud.ingest(cloud.file('orders/after.csv', orders(41, 42)));

    expect(after.files).toMatchObject([{ state: 'ARCHIVED' }]);
    await until('the interrupted file is archived', async () => {
      const status = json(succeeded(await cloud.lakehouse('status', '--json'))) as {
        files: Record<string, number>;
      };
      return Object.entries(status.files).every(([state, count]) => state === 'ARCHIVED' || count === 0);
    });
    expect(await cloud.query('SELECT count(*) AS n, count(DISTINCT order_id) AS k FROM orders')).toEqual([
      { n: 42, k: 42 },
    ]);
  });
});
