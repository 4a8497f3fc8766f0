import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { destinationKey, reasonsKey } from '../../src/archive/destination';
import { fileIdOf } from '../../src/arrival/versions';
import { datasetNames, isDatasetName } from '../../src/contract/contracts';
import { readFiles } from '../../src/ledger/files';
import { type FileItem, keys, read } from '../../src/ledger/items';
import { Tally } from '../../src/sample/expected';
import { dynamoStore } from '../../src/store/dynamoStore';
import { type CorpusEntry, readCorpus, reasonText } from '../corpus/corpus';
import { Lakehouse, until } from './lakehouse';
import { header } from './rows';

jest.setTimeout(900_000);

const BUCKET = 'lakehouse-landing-local-000000000000';
const AT_ONCE = { concurrency: 16 };
const FINAL = new Set<string>(['ARCHIVED', 'REJECTED', 'FAILED']);

interface Landed {
  readonly entry: CorpusEntry;
  readonly fileId: string;
  readonly item: FileItem;
}

const cloud = new Lakehouse();
const corpus = readCorpus();
const noFiles = corpus.filter(({ ignored }) => ignored).map(({ key }) => key);
let landed: Landed[] = [];
let batches: string[] = [];

function s3(): S3Client {
  return new S3Client({ ...cloud.client, forcePathStyle: true });
}

/** The object's bytes; undefined when there is none. */
async function bytesAt(client: S3Client, key: string): Promise<Buffer | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return Body && Buffer.from(await Body.transformToByteArray());
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function keysUnder(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3() },
    { Bucket: BUCKET, Prefix: prefix },
  ))
    found.push(...Contents.flatMap(({ Key }) => Key ?? []));
  return found;
}

/** Where the file must be kept, by the table's word and the batch that took it. */
function keptAt({ entry, fileId, item }: Landed): string {
  const dataset = isDatasetName(item.dataset) ? item.dataset : null;
  const file = { fileId, key: entry.key, dataset };
  return destinationKey(entry.accepted ? 'archived' : 'rejected', file, item.batch ?? 0);
}

beforeAll(async () => {
  await cloud.up();
  const client = s3();
  const uploads = await pMap(
    corpus,
    async (entry) => {
      const put = new PutObjectCommand({ Bucket: BUCKET, Key: entry.key, Body: entry.bytes });
      const { VersionId = '' } = await client.send(put);
      return { entry, fileId: fileIdOf(BUCKET, entry.key, VersionId) };
    },
    AT_ONCE,
  );
  const files = uploads.filter(({ entry }) => !entry.ignored);
  const ledger = dynamoStore(
    DynamoDBDocumentClient.from(new DynamoDBClient(cloud.client)),
    'lakehouse-local-ledger',
  );
  await until(
    'every file has its final state, and every batch is closed',
    async () => {
      const items = await readFiles(
        ledger,
        files.map(({ fileId }) => fileId),
      );
      landed = files.flatMap(({ entry, fileId }) => {
        const item = items.get(fileId);
        return item === undefined ? [] : [{ entry, fileId, item }];
      });
      if (landed.filter(({ item }) => FINAL.has(item.state)).length < files.length) return false;
      const numbers = [...new Set(landed.map(({ item }) => item.batch ?? 0))];
      const entries = (await ledger.getMany(numbers.map(keys.entry))).map(read.entry);
      batches = entries.map(({ state }) => state);
      return entries.length === numbers.length && !batches.includes('OPEN');
    },
    600,
  );
});
afterAll(() => cloud.remove());

describe('the corpus of bad and odd files, uploaded at once', () => {
  it('ends with every file in the state of the table, for its reasons, and no batch that failed', () => {
    expect(new Set(batches)).toEqual(new Set(['DONE']));
    const found = landed.map(({ entry: { key }, item: { state, reasons = [] } }) => [
      key,
      state,
      reasons.map(reasonText),
    ]);
    expect(found).toEqual(
      landed.map(({ entry: { key, accepted, rejected = [] } }) => [
        key,
        accepted ? 'ARCHIVED' : 'REJECTED',
        rejected,
      ]),
    );
  });

  it('accounts for every row as the table does', () => {
    const nothing = new Tally().rows;
    expect(landed.map(({ entry: { key }, item }) => [key, item.rows])).toEqual(
      landed.map(({ entry: { key, rows } }) => [key, rows && { ...nothing, ...rows }]),
    );
  });

  it('keeps every file byte for byte, with its reasons beside it when it is rejected, and leaves nothing behind', async () => {
    const client = s3();
    await pMap(
      landed,
      async (file) => {
        const { entry } = file;
        const kept = await bytesAt(client, keptAt(file));
        expect([entry.key, kept?.equals(entry.bytes)]).toEqual([entry.key, true]);
        if (!entry.rejected) return;
        const document = await bytesAt(client, reasonsKey(keptAt(file)));
        const rejection = JSON.parse(String(document)) as { file: string; reasons: { message: string }[] };
        expect(rejection.file).toBe(entry.key);
        expect(rejection.reasons.map(({ message }) => message).join('\n')).toContain(entry.mend);
      },
      AT_ONCE,
    );
    expect(await keysUnder('raw/')).toEqual(noFiles);
    expect(await keysUnder('processing/')).toEqual([]);
  });

  it.each(datasetNames)('gives every refused line of %s with all its reasons to Athena', async (dataset) => {
    const rows = await cloud.query(
      `SELECT file_id, line, json_format(CAST(reasons AS JSON)) AS reasons FROM "${dataset}_rejects"`,
    );
    const found = new Map(
      rows.map(({ file_id, line, reasons }) => [
        `${String(file_id)} ${String(line)}`,
        (JSON.parse(String(reasons)) as { rule: string; column: string | null }[]).map(reasonText),
      ]),
    );
    const expected = landed
      .filter(({ item }) => item.dataset === dataset)
      .flatMap(({ entry: { rejects = {} }, fileId }) =>
        Object.entries(rejects).map(([line, reasons]) => [`${fileId} ${line}`, reasons] as const),
      );
    expect(rows).toHaveLength(expected.length);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  it('gives text to Athena as the file has it', async () => {
    const expected = corpus
      .filter(({ key }) => key.startsWith('raw/products/'))
      .flatMap(({ loaded = {} }) => Object.entries(loaded));
    const [primaryKey = ''] = header('products');
    const rows = await cloud.query('SELECT * FROM products');
    const byKey = new Map(rows.map((row) => [row[primaryKey], row]));
    expect(expected.length).toBeGreaterThan(20);
    for (const [key, values] of expected) expect([key, byKey.get(key)]).toMatchObject([key, values]);
  });
});
