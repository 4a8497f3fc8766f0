import { expect, test } from '@jest/globals';
import type { Table, TableInput } from '../../../src/catalog/catalog';
import { syncCatalog } from '../../../src/catalog/syncCatalog';
import { compareColumns } from '../../../src/catalog/compareColumns';
import { tablesOf } from '../../../src/contract/contracts';
import type { JobResult } from '../../../src/batch/documents';
import { TableSchemaMismatch } from '../../../src/errors';
import { World } from '../fakes/world';

function catalogTable(name: string): Table {
  const table = tablesOf('orders').find((other) => other.name === name)!;
  return {
    Name: name,
    DatabaseName: 'lake',
    Description: 'kept',
    CreateTime: new Date(0),
    TableType: 'EXTERNAL_TABLE',
    Parameters: { table_type: 'DELTA', 'lakehouse.version': '0' },
    StorageDescriptor: {
      Location: `s3://warehouse/${name}`,
      Columns: table.columns.map((column) => ({ Name: column.name, Type: column.sqlType, Comment: 'kept' })),
    },
  };
}

async function sync(
  change: (tables: JobResult['tables']) => void = () => undefined,
  stage = 'prod',
): Promise<TableInput[]> {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  const location = `${batch.prefix.slice('s3://artefacts/'.length)}results/orders.json`;
  const result = world.document(`s3://artefacts/${location}`) as JobResult;
  result.tables = tablesOf('orders').map(({ name, columns }) => ({
    ...{ name, version: 5, rows: 42 },
    columns: columns.map((column) => ({ name: column.name, type: column.sqlType })),
  }));
  change(result.tables);
  world.objects.put('artefacts', location, JSON.stringify(result));
  const updates: TableInput[] = [];
  const catalog = {
    database: 'lake',
    table: (name: string) => Promise.resolve(name === 'missing' ? undefined : catalogTable(name)),
    update: (table: TableInput) => Promise.resolve(void updates.push(table)),
  };
  const { store, objects } = world;
  await syncCatalog({ store, objects, catalog }, stage, { lease, batch, outcomes });
  return updates;
}

test('version, rows and batch become parameters and everything else stays', async () => {
  const [table] = await sync();
  const { CreateTime, DatabaseName, ...kept } = catalogTable('orders');
  expect([CreateTime, DatabaseName]).toEqual([new Date(0), 'lake']);
  expect(table).toEqual({
    ...kept,
    Parameters: {
      table_type: 'DELTA',
      'lakehouse.version': '5',
      'lakehouse.rows': '42',
      'lakehouse.batch': '1',
    },
  });
});

test.each<[string, (tables: JobResult['tables']) => void, RegExp]>([
  [
    'a column of another type',
    (tables) => (tables[0]!.columns[0]!.type = 'int'),
    /order_num is int, in the catalog string/,
  ],
  [
    'a column too many',
    (tables) => tables[0]!.columns.push({ name: 'channel', type: 'string' }),
    /channel string is not in/,
  ],
  ['a column too few', (tables) => tables[0]!.columns.shift(), /order_num is in the catalog only/],
  ['a table that is not there', (tables) => (tables[0]!.name = 'missing'), /no table lake.missing; deploy/],
])('%s is refused by name', async (_, change, message) => {
  const attempt = sync(change);
  await expect(attempt).rejects.toThrow(TableSchemaMismatch);
  await expect(attempt).rejects.toThrow(message);
});

test('the order of columns is no difference', () => {
  const columns = [
    { name: 'a', type: 'int' },
    { name: 'b', type: 'string' },
  ];
  expect(compareColumns(columns, columns.toReversed())).toEqual({ added: [], missing: [], changed: [] });
});
