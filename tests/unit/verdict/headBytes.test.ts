import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { contracts } from '../../../src/contract/contracts';
import { termsOf } from '../../../src/contract/terms';
import { MAX_COPY_BYTES } from '../../../src/objects/objects';
import { s3Objects } from '../../../src/objects/s3Objects';
import { judgeFile } from '../../../src/verdict/judgeFile';

const HEAD = `${Object.keys(contracts.orders.properties).join(',')}\n`;
const MOST = 64 * 1024;

/** An S3 whose objects have the size that their key names: a header, then spaces. */
let sent = 0;
const server = createServer((request, response) => {
  const size = Number(/(\d+)\.csv/u.exec(request.url ?? '')?.[1]);
  const last = /^bytes=0-(\d+)$/u.exec(request.headers.range ?? '')?.[1];
  // whoever asks for a whole large object is cut off, or the test would send gigabytes
  const length = last === undefined ? Math.min(size, 10 * MOST) : Math.min(size, Number(last) + 1);
  sent += length;
  response.writeHead(last === undefined ? 200 : 206, {
    'content-length': length,
    'content-range': `bytes 0-${length - 1}/${size}`,
  });
  response.end(HEAD.padEnd(length).slice(0, length));
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
afterAll(async () => {
  s3.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['1 KiB', 1_024, 1_024],
  ['1 MiB', 1_024 ** 2, MOST],
  ['1 GiB', 1_024 ** 3, MOST],
  ['the largest object that is loaded', MAX_COPY_BYTES, MOST],
  ['10 GiB, which is refused by its size', 10 * 1_024 ** 3, 0],
])('of %s the header check reads no more than its head', async (_what, size, read) => {
  sent = 0;
  const verdict = await judgeFile(
    s3Objects(s3),
    { landingBucket: 'landing', contracts: { orders: termsOf(contracts.orders, 'local') } },
    {
      ...{ fileId: 'f', dataset: 'orders', key: 'raw/orders/a.csv', size },
      processingKey: `processing/${size}.csv`,
    },
  );
  expect(verdict.accepted).toBe(read > 0);
  expect(sent).toBe(read);
});
