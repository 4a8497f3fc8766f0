import { expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import orders from '../../../schemas/datasets/orders.schema.json';
import { inDependencyOrder, parseContract } from '../../../src/contract/contract';
import { columnsOf, contracts, datasetNames, parentsOf, tables } from '../../../src/contract/contracts';
import { ContractInvalid } from '../../../src/errors';

type Draft = Record<string, unknown> & { properties: Record<string, Record<string, unknown>> };

function invalid(change: (draft: Draft) => void): string {
  const draft = structuredClone(orders) as unknown as Draft;
  change(draft);
  try {
    parseContract('orders', draft);
  } catch (error) {
    if (error instanceof ContractInvalid) return error.message;
    throw error;
  }
  return 'valid';
}

test('every file of schemas/datasets is a contract the code knows', () => {
  const files = readdirSync(path.resolve(__dirname, '../../../schemas/datasets'));
  expect(Object.keys(contracts).sort()).toEqual(files.map((file) => file.replace('.schema.json', '')).sort());
});

test('parents come before children', () => {
  for (const name of datasetNames) {
    for (const parent of parentsOf(name))
      expect(datasetNames.indexOf(parent)).toBeLessThan(datasetNames.indexOf(name));
  }
  expect(parentsOf('order_items').sort()).toEqual(['orders', 'products']);
});

test('columns carry the SQL types of Spark and Glue', () => {
  expect(Object.fromEntries(columnsOf('orders').map(({ name, sqlType }) => [name, sqlType]))).toEqual({
    order_num: 'string',
    order_id: 'string',
    user_id: 'string',
    order_timestamp: 'timestamp',
    total_amount: 'decimal(12,2)',
    date: 'date',
  });
  const items = columnsOf('order_items');
  expect(items.filter(({ nullable }) => nullable).map(({ name }) => name)).toEqual([
    'days_since_prior_order',
  ]);
  expect(items.filter(({ classification }) => classification === 'pii').map(({ name }) => name)).toEqual([
    'user_id',
  ]);
});

test('only datasets with foreign keys have a table of orphans', () => {
  expect(tables.filter(({ kind }) => kind === 'orphans').map(({ name }) => name)).toEqual([
    'order_items_orphans',
  ]);
});

test.each<[string, (draft: Draft) => void, string]>([
  ['a misspelt keyword', (draft) => (draft['x-primarykey'] = 'order_id'), 'x-primarykey'],
  ['a primary key that is no column', (draft) => (draft['x-primaryKey'] = 'id'), 'x-primaryKey names id'],
  ['a partition that is no column', (draft) => (draft['x-partitionBy'] = 'day'), 'x-partitionBy names day'],
  [
    'a foreign key that is no column',
    (draft) => (draft['x-foreignKeys'] = [{ column: 'shop_id', dataset: 'products' }]),
    'x-foreignKeys names shop_id',
  ],
  [
    'a date of no column',
    (draft) => (draft.properties['date']!['x-dateOf'] = 'moment'),
    'x-dateOf of date names moment',
  ],
  ['a date of text', (draft) => (draft.properties['date']!['x-dateOf'] = 'user_id'), 'format date-time'],
  ['a decimal without scale', (draft) => delete draft.properties['total_amount']!['x-scale'], 'both of them'],
  [
    'a nullable key',
    (draft) => (draft.properties['order_id']!['type'] = ['string', 'null']),
    'not be nullable',
  ],
  [
    'an optional column although every stage is strict',
    (draft) => {
      draft['x-evolution'] = { default: 'strict', prod: 'strict' };
      draft.properties['channel'] = { type: ['string', 'null'], description: 'Where.' };
    },
    'under x-evolution strict every column is required',
  ],
  ['a policy without a default', (draft) => (draft['x-evolution'] = { prod: 'strict' }), "'default'"],
  ['a rate above one', (draft) => (draft['x-maxRejectRate'] = { default: 0.1, prod: 2 }), 'must be <= 1'],
  [
    'an optional column that cannot be null',
    (draft) => (draft['required'] = ['order_id']),
    'must allow null',
  ],
])('a contract with %s is refused by name', (_, change, problem) => {
  expect(invalid(change)).toContain(problem);
});

test('datasets that are parents of each other are refused', () => {
  const child = (parent: string) => ({
    ...contracts.orders,
    'x-foreignKeys': [{ column: 'order_id', dataset: parent }],
  });
  expect(() => inDependencyOrder({ a: child('b'), b: child('a') })).toThrow(/circle: a -> b -> a/);
  expect(() => inDependencyOrder({ a: child('c') })).toThrow(/no contract/);
});
