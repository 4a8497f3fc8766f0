import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { s3Objects } from '../../../src/objects/s3Objects';

const from = { bucket: 'landing', key: 'raw/orders/a.csv', versionId: 'v1' };
const to = { bucket: 'landing', key: 'archived/orders/a.csv' };

/** What an S3 was asked, that copies whatever it is told to. */
const asked: { method: string | undefined; headers: IncomingHttpHeaders }[] = [];
const server = createServer(({ method, headers }, response) => {
  asked.push({ method, headers });
  response.end('<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>');
});
let s3: S3Client;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  s3 = new S3Client({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', forcePathStyle: true },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
beforeEach(() => void (asked.length = 0));
afterAll(async () => {
  s3.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('the tags of a copy travel in the request that copies', async () => {
  expect(await s3Objects(s3).copy(from, to, { classification: 'pii', owner: 'a & b' })).toBe(true);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.headers).toMatchObject({
    'x-amz-tagging-directive': 'REPLACE',
    'x-amz-tagging': 'classification=pii&owner=a+%26+b',
  });
});

test('a copy without tags has those of its source, as S3 does when nothing is said', async () => {
  expect(await s3Objects(s3).copy(from, to)).toBe(true);
  expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => name.includes('tagging'))).toEqual([]);
});
