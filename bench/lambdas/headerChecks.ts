import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { contracts } from '../../src/contract/contracts';
import { termsOf } from '../../src/contract/terms';
import { checkHeader, HEAD_BYTES } from '../../src/header/checkHeader';
import { s3Objects } from '../../src/objects/s3Objects';
import { type HeaderCheck, median } from './results';

const KIB = 1_024;
/** 10 GiB is above what the planner copies, so the service refuses it by its size alone; the check itself is measured. */
const SIZES = [KIB, KIB ** 2, KIB ** 3, 10 * KIB ** 3];
const BUCKET = 'header-checks';
const WARM_UP = 5;

/**
 * Puts an object with the header of orders and rows behind it, and lets its file grow to `bytes` with a hole, which costs no
 * disk.
 */
async function putSparse(s3: S3Client, home: string, bytes: number): Promise<string> {
  const key = `processing/${bytes}.csv`;
  const columns = Object.keys(contracts.orders.properties);
  const row = `${columns.map(() => '1').join(',')}\n`;
  const text = `${columns.join(',')}\n${row.repeat(Math.ceil((2 * HEAD_BYTES) / row.length))}`;
  const Body = Buffer.from(text).subarray(0, Math.min(bytes, 2 * HEAD_BYTES));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
  const stored = readdirSync(join(home, 's3'), { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(join(BUCKET, key)),
  );
  if (stored === undefined || !existsSync(join(home, 's3', stored))) {
    throw new Error(`the local cloud in ${home} keeps no file for s3://${BUCKET}/${key}`);
  }
  truncateSync(join(home, 's3', stored), bytes);
  return key;
}

/**
 * Reads and judges the header of objects of each size `repetitions` times, as checkHeaders does.
 *
 * @param home folder of the local cloud that answers at `endpoint`
 * @throws Error when a header is not accepted
 */
export async function measureHeaderChecks(
  { endpoint, home }: { readonly endpoint: string; readonly home: string },
  repetitions: number,
): Promise<HeaderCheck[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  const objects = s3Objects(s3);
  const terms = termsOf(contracts.orders, 'local');
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const found: HeaderCheck[] = [];
  for (const bytes of SIZES) {
    const key = await putSparse(s3, home, bytes);
    const milliseconds: number[] = [];
    let bytesRead = 0;
    for (let run = -WARM_UP; run < repetitions; run += 1) {
      const begin = performance.now();
      const head = (await objects.read({ bucket: BUCKET, key }, HEAD_BYTES)) ?? new Uint8Array();
      const { accepted } = checkHeader(head, bytes, terms);
      if (run >= 0) milliseconds.push(performance.now() - begin);
      if (!accepted) throw new Error(`the header of s3://${BUCKET}/${key} is not accepted`);
      bytesRead = Math.max(bytesRead, head.length);
    }
    found.push({
      ...{ bytes, bytesRead },
      fastestMilliseconds: Math.min(...milliseconds),
      medianMilliseconds: median(milliseconds),
    });
  }
  s3.destroy();
  return found;
}
