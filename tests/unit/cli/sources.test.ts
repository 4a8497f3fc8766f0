import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/cli/errors';
import { findSources } from '../../../src/cli/ingest/sources';
import { folderOf } from './fakes';

const datasets = ['products', 'orders', 'order_items'];
let folders: { remove: () => void }[] = [];

function folder(files: Record<string, string>): string {
  const made = folderOf(files);
  folders.push(made);
  return made.path;
}

afterEach(() => {
  for (const made of folders) made.remove();
  folders = [];
});

async function keysOf(...paths: string[]): Promise<string[]> {
  return (await findSources(paths, datasets)).files.map(({ key }) => key);
}

describe('what ingest uploads', () => {
  it('are the CSV files in the folders named as datasets; everything else is named, not uploaded', async () => {
    const dir = folder({
      'orders/2025-05-02.csv': 'x',
      'orders/2025-05-01.csv': 'x',
      'orders/archive/old.csv': 'x',
      'orders/notes.txt': 'x',
      'products/p.csv': '',
      LICENSE: 'x',
      'customers/c.csv': 'x',
    });
    const { files, ignored } = await findSources([dir], datasets);
    expect(files.map(({ key, dataset, size }) => [key, dataset, size])).toEqual([
      ['raw/orders/2025-05-01.csv', 'orders', 1],
      ['raw/orders/2025-05-02.csv', 'orders', 1],
      ['raw/orders/archive/old.csv', 'orders', 1],
      ['raw/products/p.csv', 'products', 0],
    ]);
    expect(ignored.map((path) => path.slice(dir.length + 1)).sort()).toEqual([
      'LICENSE',
      'customers',
      'orders/notes.txt',
    ]);
  });

  it('may be a folder that is itself named as a dataset', async () => {
    expect(await keysOf(join(folder({ 'orders/a.csv': 'x' }), 'orders'))).toEqual(['raw/orders/a.csv']);
  });

  it('are files whose folder or name tells the dataset, the longest name that fits', async () => {
    const dir = folder({ 'order_items-1.csv': '', 'orders_1.csv': '', 'products/orders.csv': '' });
    const paths = ['order_items-1.csv', 'orders_1.csv', 'products/orders.csv'];
    expect(await keysOf(...paths.map((name) => join(dir, name)))).toEqual([
      'raw/order_items/order_items-1.csv',
      'raw/orders/orders_1.csv',
      'raw/products/orders.csv',
    ]);
  });

  it.each([
    ['a file of no dataset', 'customers.csv', 'fits no dataset'],
    ['a file that is no CSV', 'orders.xlsx', 'no .csv file'],
    ['a path that does not exist', 'absent', 'cannot be read'],
    ['a folder without datasets', '', 'no .csv file to ingest'],
  ])('never are %s: a usage error says what to do', async (_, name, message) => {
    const dir = folder({ 'customers.csv': '', 'orders.xlsx': '' });
    const found = findSources([join(dir, name)], datasets);
    await expect(found).rejects.toThrow(UsageError);
    await expect(found).rejects.toThrow(message);
  });

  it('never are two files that would become the same object', async () => {
    const dir = folder({ 'a/orders/1.csv': '', 'b/orders/1.csv': '' });
    await expect(findSources([join(dir, 'a'), join(dir, 'b')], datasets)).rejects.toThrow('both become');
  });

  it('is each file once, however often it is named', async () => {
    const dir = folder({ 'orders/1.csv': '' });
    expect(await keysOf(dir, join(dir, 'orders/1.csv'))).toEqual(['raw/orders/1.csv']);
  });

  it('has no name that is too long for the ledger', async () => {
    const dir = folder({ [`orders/${'a/'.repeat(1)}${'x'.repeat(240)}.csv`]: '' });
    expect(await keysOf(dir)).toHaveLength(1);
    const deep = folder({ [`orders/${`${'y'.repeat(200)}/`.repeat(5)}z.csv`]: '' });
    await expect(findSources([deep], datasets)).rejects.toThrow('too long a name');
  });
});
