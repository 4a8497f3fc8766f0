import { describe, expect, test } from '@jest/globals';
import { findMaintenance } from '../../../src/maintenance/findMaintenance';
import { MemoryObjects } from '../fakes/memoryObjects';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2025-06-30T12:00:00Z');
const settings = { warehouseBucket: 'w', undoDays: 30, minFiles: 2, targetFileBytes: 1_000, smallBytes: 500 };

class Table {
  private daysAgo = 0;
  private version = 0;
  readonly objects = new MemoryObjects(() => new Date(NOW - this.daysAgo * DAY_MS));

  constructor(readonly name = 'orders') {}

  /** A commit so many days ago, with the files that it adds and removes. */
  commit(daysAgo: number, adds: readonly string[], removes: readonly string[] = []): this {
    this.daysAgo = daysAgo;
    const [added, removed] = [adds, removes].map((names) => names.map((name) => `${name}.parquet`));
    const deletionTimestamp = NOW - daysAgo * DAY_MS;
    const lines = [
      ...(removed ?? []).map((path) => ({ remove: { path, deletionTimestamp } })),
      ...(added ?? []).map((path) => ({ add: { path, size: 900, partitionValues: { date: '2025-04-01' } } })),
    ];
    for (const path of added ?? []) this.objects.put('w', `${this.name}/${decodeURIComponent(path)}`, '');
    const key = `${this.name}/_delta_log/${String(this.version++).padStart(20, '0')}.json`;
    this.objects.put('w', key, lines.map((line) => JSON.stringify(line)).join('\n'));
    return this;
  }

  stray(daysAgo: number, key: string): this {
    this.daysAgo = daysAgo;
    this.objects.put('w', key, '');
    return this;
  }

  find(only?: string): ReturnType<typeof findMaintenance> {
    return findMaintenance(this.objects, settings, new Date(NOW), only);
  }
}

describe('a table is vacuumed for files', () => {
  test('that left it before the undo window', async () => {
    const table = new Table().commit(50, ['a', 'b', 'c']).commit(31, ['d'], ['a', 'b']);
    expect(await table.find()).toEqual([
      { name: 'orders', files: 2, bytes: 1_800, partitions: [], expired: 2 },
    ]);
  });

  test('but not for those that left it since, however old they are', async () => {
    const table = new Table().commit(50, ['a', 'b', 'c']).commit(29, ['d'], ['a', 'b', 'c']);
    expect(await table.find()).toEqual([]);
  });

  test('that no commit names, left by a run that died, once they are old enough', async () => {
    const table = new Table().commit(50, ['a']);
    table.stray(31, 'orders/date=2025-04-01/x.parquet').stray(31, 'orders/date=2025-04-01/y.parquet');
    expect(await table.find()).toMatchObject([{ expired: 2 }]);
    table.stray(1, 'orders/date=2025-04-01/x.parquet');
    expect(await table.find()).toEqual([]);
  });

  test('but not for its log, nor for those of a table whose name begins alike', async () => {
    const table = new Table().commit(50, ['a']);
    table.stray(31, 'orders/_delta_log/1.checkpoint.parquet').stray(31, 'orders/_delta_log/2.parquet');
    table.stray(31, 'orders_rejects/x.parquet').stray(31, 'orders_rejects/y.parquet');
    expect(await table.find()).toEqual([]);
  });

  test('whose names the log writes as in a URL', async () => {
    const table = new Table().commit(50, ['date=2025%2D04/a%20b', 'date=2025%2D04/c%20d']);
    expect(await table.find()).toEqual([]);
  });
});

test('only the table that was asked for is looked at, and one without a log needs nothing', async () => {
  const table = new Table().commit(50, ['a', 'b', 'c']).commit(31, ['d'], ['a', 'b']);
  expect(await table.find('products')).toEqual([]);
  expect(await table.find('orders')).toHaveLength(1);
});
