import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { json, Lakehouse, succeeded, until } from './lakehouse';
import { csv, row } from './rows';

jest.setTimeout(600_000);

const cloud = new Lakehouse();
beforeAll(async () => {
  await cloud.up();
  await stopSweeping();
});
afterAll(() => cloud.remove());

/** A request to EventBridge Scheduler, for which no client is installed; a name may be new. */
async function schedule(method: 'GET' | 'PUT' | 'POST', name: string, body?: object): Promise<object> {
  const answer = await fetch(`${cloud.endpoint}/schedules/${name}`, {
    method,
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/scheduler/aws4_request',
      'content-type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as object;
}

/**
 * The sweep comes every five minutes, and in a cloud that is a copy soon after the start: it would find the older file
 * together with the newer one.
 */
async function stopSweeping(): Promise<void> {
  const deployed = await schedule('GET', 'lakehouse-local-sweep');
  await schedule('PUT', 'lakehouse-local-sweep', { ...deployed, State: 'DISABLED' });
}

/** The deployed sweep, with its role and input, once and now. */
async function sweepNow(): Promise<void> {
  const deployed = await schedule('GET', 'lakehouse-local-sweep');
  await schedule('POST', 'sweep-now', {
    ...deployed,
    ScheduleExpression: `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`,
    State: 'ENABLED',
  });
}

async function listenToTheQueue(enabled: boolean): Promise<void> {
  const lambda = new LambdaClient(cloud.client);
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { UUID } of EventSourceMappings) {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
  }
}

async function upload(key: string, amount: string): Promise<number> {
  const body = `${csv('orders', [row('orders', 'L1', { total_amount: amount })]).join('\n')}\n`;
  const s3 = new S3Client({ ...cloud.client, forcePathStyle: true });
  await s3.send(
    new PutObjectCommand({ Bucket: 'lakehouse-landing-local-000000000000', Key: key, Body: body }),
  );
  return Date.now();
}

async function archived(): Promise<number> {
  const status = json(succeeded(await cloud.lakehouse('status', '--json'))) as {
    files: { ARCHIVED: number };
  };
  return status.files.ARCHIVED;
}

/** Rows of a file by outcome, which are counted after it is archived. */
/** Rows by outcome of each file with this key: recorded with its batch's outcome, after it is ARCHIVED. */
async function rowsOf(key: string): Promise<unknown[]> {
  const ledger = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.client));
  const { Items = [] } = await ledger.send(
    new ScanCommand({
      TableName: 'lakehouse-local-ledger',
      FilterExpression: '#key = :key AND sk = :file',
      ExpressionAttributeNames: { '#key': 'key' },
      ExpressionAttributeValues: { ':key': key, ':file': 'file' },
    }),
  );
  return Items.flatMap(({ rows }) => (rows === undefined ? [] : [rows as unknown]));
}

describe('an older file whose event comes after that of a newer one', () => {
  it('changes nothing that is newer, and its row is counted as superseded', async () => {
    await listenToTheQueue(false);
    const older = await upload('raw/orders/older.csv', '1.00');
    // LastModified has steps of one second
    await until('the next second', () => Math.floor(Date.now() / 1000) > Math.floor(older / 1000));
    await upload('raw/orders/newer.csv', '2.00');

    await new LambdaClient(cloud.client).send(
      new InvokeCommand({
        FunctionName: 'lakehouse-local-detectArrival',
        Payload: JSON.stringify({ key: 'raw/orders/newer.csv' }),
      }),
    );
    await until('the newer file is loaded', async () => (await archived()) === 1);
    await listenToTheQueue(true);
    await until('the older file is loaded', async () => (await archived()) === 2);

    expect(await cloud.query('SELECT total_amount, _batch FROM orders')).toEqual([
      { total_amount: '2.00', _batch: 1 },
    ]);
    await until('its rows are recorded', async () => (await rowsOf('raw/orders/older.csv')).length === 1);
    expect(await rowsOf('raw/orders/older.csv')).toMatchObject([{ read: 1, superseded: 1 }]);
  });
});

describe('a file whose event is lost', () => {
  it('is found by the sweep', async () => {
    cloud.putFault('lost', {
      service: 'events',
      operation: 'Deliver',
      target: 'raw/orders/lost.csv',
      action: 'drop',
    });
    await upload('raw/orders/lost.csv', '3.00');
    await until('the event is lost', () => cloud.faultsFired('lost') === 1);

    await sweepNow();

    await until('the file is loaded', async () => (await archived()) === 3);
    await until('its rows are recorded', async () => (await rowsOf('raw/orders/lost.csv')).length === 1);
    expect(await rowsOf('raw/orders/lost.csv')).toMatchObject([{ read: 1, updated: 1 }]);
  });
});
