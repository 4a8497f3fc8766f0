import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { base, en, Faker } from '@faker-js/faker';
import { Ajv } from 'ajv';
import { type LocalCloud } from '../../local/instance';
import { type Toolchain } from '../../local/setup/toolchain';
import { csvLine } from '../../src/sample/csvFile';
import { makeOrder, sampleColumns } from '../../src/sample/rows';
import { readTextProgram } from '../peers';
import { Worker } from '../worker';
import { peakMegabytes, residentMegabytes, resetPeak } from './residentMemory';
import { type LargeObject } from './results';

const BUCKET = 'large-objects';
const ORDERS_PER_BLOCK = 2_000;
const isRead = new Ajv().compile<{ seconds: number; lines: number; characters: number }>({
  type: 'object',
  properties: { seconds: { type: 'number' }, lines: { type: 'integer' }, characters: { type: 'integer' } },
  required: ['seconds', 'lines', 'characters'],
});

/** Order items as CSV, at least `bytes` of them: one block of rows again and again. */
function* itemLines(bytes: number): Generator<string> {
  const faker = new Faker({ locale: [en, base], seed: 1 });
  const columns = sampleColumns.order_items;
  const sizes = { products: 1_000, orders: ORDERS_PER_BLOCK, days: 1, seed: 1, defects: 0 };
  const rows = Array.from({ length: ORDERS_PER_BLOCK }, (_, order) =>
    makeOrder(faker, sizes, '2025-05-01', order + 1, 1),
  ).flatMap(({ items }) => items);
  const block = rows.map((row) => `${csvLine(columns.map((column) => row[column] ?? ''))}\n`).join('');
  yield `${csvLine(columns)}\n`;
  for (let written = 0; written < bytes; written += block.length) yield block;
}

/**
 * Lets Spark read one CSV file whole, by turns from the folder and through the cloud's S3, with the settings of a job.
 *
 * @throws Error when the two do not hold the same text
 */
export async function measureLargeObject(
  { endpoint, pid }: LocalCloud,
  toolchain: Toolchain,
  scratch: string,
  { bytes, repetitions }: { readonly bytes: number; readonly repetitions: number },
): Promise<LargeObject> {
  const path = join(scratch, 'large.csv');
  await pipeline(Readable.from(itemLines(bytes)), createWriteStream(path));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const idle = residentMegabytes(pid);
  resetPeak(pid);
  const stored = createReadStream(path);
  await new Upload({ client: s3, params: { Bucket: BUCKET, Key: 'large.csv', Body: stored } }).done();
  s3.destroy();
  const upload = peakMegabytes(pid);
  resetPeak(pid);
  const worker = new Worker(await readTextProgram(toolchain, scratch, endpoint));
  const read = async (uri: string): Promise<{ seconds: number; text: string }> => {
    const { facts } = await worker.request({ action: 'read', uri });
    if (!isRead(facts)) throw new Error(`the worker answered ${JSON.stringify(facts)}`);
    return { seconds: facts.seconds, text: `${facts.lines} lines of ${facts.characters} characters` };
  };
  const fastest = { folder: Infinity, cloud: Infinity };
  // the first round warms the session up
  for (let round = 0; round <= repetitions; round += 1) {
    const folder = await read(`file:${path}`);
    const cloud = await read(`s3a://${BUCKET}/large.csv`);
    if (folder.text !== cloud.text) throw new Error(`${folder.text} became ${cloud.text} through S3`);
    if (round === 0) continue;
    fastest.folder = Math.min(fastest.folder, folder.seconds);
    fastest.cloud = Math.min(fastest.cloud, cloud.seconds);
  }
  await worker.stop();
  return {
    bytes: stored.bytesRead,
    ...{ folderSeconds: fastest.folder, cloudSeconds: fastest.cloud },
    megabytes: { idle, upload, read: peakMegabytes(pid) },
  };
}
