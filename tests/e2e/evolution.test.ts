import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Lakehouse, succeeded } from './lakehouse';
import { csv, header, range, row } from './rows';
import { copyService } from './serviceCopy';

jest.setTimeout(600_000);

const cloud = new Lakehouse();
/** The service with contracts that can be changed. */
const copy = copyService();

beforeAll(() => cloud.up());
afterAll(async () => {
  await cloud.remove();
  copy.remove();
});

/** Changes the one contract file, derives what derives from it, and deploys over the tables that hold data. */
async function deployWith(
  change: (contract: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const file = path.join(copy.folder, 'schemas/datasets/products.schema.json');
  const contract = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(change(contract)));
  succeeded(await cloud.run('tsx', [path.join(copy.folder, 'src/generate/main.ts')]));
  succeeded(await cloud.run('node', [path.join(copy.folder, 'bin/lakehouse.cjs'), 'up']));
}

it('takes a new nullable column and a reject rate from one changed contract file, over tables that hold data', async () => {
  const names = header('products');
  const [key = ''] = names;
  const lines = range(1, 20).map((number) => row('products', number));
  await cloud.ingest(cloud.file('products/before.csv', csv('products', lines)));

  await deployWith((contract) => ({
    ...contract,
    'x-maxRejectRate': { default: null, local: 0.5 },
    properties: {
      ...(contract['properties'] as object),
      colour: { type: ['string', 'null'], description: 'Colour of the article.' },
    },
  }));
  const coloured = row('products', 20, { colour: 'red' });
  const outcome = await cloud.ingest(
    cloud.file('products/with.csv', csv('products', [coloured], [...names, 'colour'])),
    cloud.file('products/without.csv', csv('products', [row('products', 21)])),
    cloud.file('products/unknown.csv', csv('products', [row('products', 22)], [...names, 'size'])),
    cloud.file(
      'products/spoilt.csv',
      csv('products', [row('products', 23), row('products', ''), row('products', '')]),
    ),
  );

  const fates = outcome.files.map(({ key: name, state, reasons, rows }) => [
    ...[name.split('/').at(-1), state, reasons.map(({ rule }) => rule).join()],
    ...[rows?.inserted, rows?.updated],
  ]);
  expect(fates.sort()).toEqual([
    ['spoilt.csv', 'REJECTED', 'REJECT_RATE', undefined, undefined],
    ['unknown.csv', 'REJECTED', 'UNKNOWN_COLUMN', undefined, undefined],
    ['with.csv', 'ARCHIVED', '', 0, 1],
    ['without.csv', 'ARCHIVED', '', 1, 0],
  ]);
  expect(outcome.validation.every(({ passed }) => passed)).toBe(true);
  expect(
    await cloud.query(`SELECT ${key}, colour FROM products WHERE ${key} IN ('19', '20', '21') ORDER BY 1`),
  ).toEqual([
    { [key]: '19', colour: null },
    { [key]: '20', colour: 'red' },
    { [key]: '21', colour: null },
  ]);
  expect(await cloud.query('SELECT count(*) AS n FROM products')).toEqual([{ n: 21 }]);
  expect(await cloud.query('SELECT count(*) AS n FROM products_rejects')).toEqual([{ n: 0 }]);
});
