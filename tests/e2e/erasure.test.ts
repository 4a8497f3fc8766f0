import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type EraseOutput } from '../../generated/types/outputs/erase';
import { type StatusOutput } from '../../generated/types/outputs/status';
import { type Finished, json, Lakehouse, succeeded } from './lakehouse';
import { csv, row } from './rows';

jest.setTimeout(1_500_000);

const PERSON = 'planted-7f3a9c1e';
const cloud = new Lakehouse();

beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

const files = {
  products: () => cloud.file('products/1.csv', csv('products', [row('products', 1)])),
  orders: (amount: string) =>
    cloud.file(
      `orders/${amount}.csv`,
      csv('orders', [
        row('orders', 'theirs', { user_id: PERSON, total_amount: amount }),
        row('orders', 'others', { user_id: 'someone-else', total_amount: amount }),
        row('orders', `broken-${amount}`, { user_id: PERSON, total_amount: 'none' }),
      ]),
    ),
  items: () =>
    cloud.file(
      'order_items/1.csv',
      csv('order_items', [
        row('order_items', 'i1', { order_id: 'theirs', product_id: '1', user_id: PERSON }),
        row('order_items', 'i2', { order_id: 'others', product_id: '1', user_id: 'someone-else' }),
        row('order_items', 'i3', { order_id: 'not-there-yet', product_id: '1', user_id: PERSON }),
      ]),
    ),
  oneMoreItem: () =>
    cloud.file(
      'order_items/2.csv',
      csv('order_items', [
        row('order_items', 'i4', { order_id: 'others', product_id: '1', user_id: PERSON }),
        row('order_items', 'i5', { order_id: 'others', product_id: '1', user_id: 'someone-else' }),
      ]),
    ),
  /** The first line is taken for a header, refused, and quoted. */
  bare: () => cloud.file('orders/bare.csv', [`order_num,order_id,${PERSON}`, `1,2,${PERSON}`]),
  /** Refused as it is no text, and kept. */
  packed: () => cloud.file('orders/packed.csv', gzipSync(`order_id,user_id\n1,${PERSON}\n`)),
};

interface Place {
  readonly kind: string;
  readonly place: string;
}

/** Where the text stands, in everything that is stored; what was looked at, by kind. */
async function placesOf(text: string): Promise<{ places: Place[]; lookedAt: Record<string, number> }> {
  const script = ['tests/local/find_text.py', cloud.endpoint, text];
  const { stdout } = succeeded(await cloud.run('.tools/venv-local/bin/python', script));
  const places = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Place);
  const last = places.pop();
  return { places, lookedAt: JSON.parse(last?.place ?? '{}') as Record<string, number> };
}

const outputOf = (finished: Finished): EraseOutput => json(succeeded(finished)) as EraseOutput;

async function status(): Promise<StatusOutput> {
  return json(succeeded(await cloud.lakehouse('status', '--json'))) as StatusOutput;
}

function versions({ tables }: StatusOutput): Record<string, number> {
  return Object.fromEntries(tables.map(({ name, version }) => [name, version]));
}

describe('a person who is everywhere', () => {
  let erased: EraseOutput;

  it('is found in tables, older versions, rejects, orphans, files, documents, items and results', async () => {
    await cloud.ingest(files.products(), files.orders('1.00'), files.items());
    await cloud.ingest(files.orders('2.00'), files.bare(), files.packed());
    await cloud.query(`SELECT * FROM orders WHERE user_id = '${PERSON}'`);
    const { places, lookedAt } = await placesOf(PERSON);
    const found = places.map(({ kind, place }) => `${kind} ${place}`);
    for (const wanted of [
      /^parquet .*\/orders\/date=/,
      /^parquet .*\/order_items\/date=/,
      /^parquet .*\/orders_rejects\//,
      /^parquet .*\/order_items_orphans\//,
      /^text .*\/archived\/orders\//,
      /^text .*\/archived\/order_items\//,
      /^text .*\/rejected\/orders\/.*bare\.csv$/,
      /^text .*\/rejected\/orders\/.*bare\.csv\.reasons\.json$/,
      /^gzip .*\/rejected\/orders\/.*packed\.csv$/,
      /^text .*\/verdicts\//,
      /^text .*\/query-results\//,
      /\(old version\)$/,
      /^item .*file#/,
    ])
      expect([wanted, found.some((place) => wanted.test(place))]).toEqual([wanted, true]);
    expect(found.filter((place) => place.includes('_delta_log'))).toEqual([]);
    process.stdout.write(`before: ${places.length} places of ${JSON.stringify(lookedAt)}\n`);
  });

  it('is not erased under a legal hold, which the refusal names', async () => {
    succeeded(await cloud.lakehouse('hold', '--add', 'case-7', '--reason', 'litigation'));
    const refused = await cloud.lakehouse('erase', '--user', PERSON);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/ErasureRefused: .*legal hold is in force: case-7 \(litigation/);
    succeeded(await cloud.lakehouse('hold', '--remove', 'case-7'));
    expect((await status()).entries).toHaveLength(2);
  });

  it('is nowhere after the erasure, and a certificate says what was changed', async () => {
    erased = outputOf(await cloud.lakehouse('erase', '--user', PERSON, '--json'));
    expect(erased).toMatchObject({ state: 'DONE', entry: 3 });
    const { places, lookedAt } = await placesOf(PERSON);
    expect(places).toEqual([]);
    expect((await placesOf('someone-else')).places.length).toBeGreaterThan(0);
    process.stdout.write(`after: 0 places of ${JSON.stringify(lookedAt)}\n`);
    const rows = Object.fromEntries((erased.certificate?.tables ?? []).map(({ name, rows }) => [name, rows]));
    expect(rows).toEqual({
      ...{ orders: 1, orders_rejects: 2, order_items: 1, order_items_rejects: 0, order_items_orphans: 1 },
    });
    expect(erased.certificate?.files.map(({ lines }) => lines.length).sort()).toEqual([1, 2, 2, 2, 2]);
    const left = await cloud.query('SELECT order_id, user_id FROM orders');
    expect(left).toEqual([{ order_id: 'others', user_id: 'someone-else' }]);
  });

  it('comes back by no replay, and the rows of the files still add up', async () => {
    const before = versions(await status());
    const again = json(
      succeeded(await cloud.lakehouse('replay', '--from', '2000-01-01', '--to', '2100-01-01', '--json')),
    ) as { files: { key: string; rows: Record<string, number> | null }[] };
    const erasedRows = again.files.map(({ key, rows }) => [key, rows?.['erased'] ?? 0]);
    expect(Object.fromEntries(erasedRows)).toEqual({
      ...{ 'raw/products/1.csv': 0, 'raw/orders/1.00.csv': 2, 'raw/orders/2.00.csv': 2 },
      ...{ 'raw/order_items/1.csv': 2, 'raw/orders/bare.csv': 0 },
      'raw/orders/packed.csv': 0,
    });
    for (const { rows } of again.files) {
      const { read = 0, ...outcomes } = rows ?? {};
      expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(read);
    }
    expect(versions(await status())).toEqual(before);
    expect((await placesOf(PERSON)).places).toEqual([]);
  });

  it('comes back by no file that names them again, and no copy of its line is kept', async () => {
    const again = (await cloud.ingest(files.orders('3.00'), files.oneMoreItem())).files;
    expect(again.map(({ dataset, rows }) => [dataset, rows])).toMatchObject([
      ['order_items', { read: 2, erased: 1, inserted: 1 }],
      ['orders', { read: 3, erased: 2, updated: 1 }],
    ]);
    const kept = (await placesOf(PERSON)).places;
    expect(kept.filter(({ place }) => !/\/(raw|processing)\/.*\(old version\)$/.test(place))).toEqual([]);
  });

  it('cannot be brought back by a rollback to before', async () => {
    const refused = await cloud.lakehouse('rollback', '--batch', '2');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/entry 3 erased a person after it/);
  });
});
