import { expect, test } from '@jest/globals';
import { type Table, type TableColumn, tables } from '../../../src/contract/contracts';
import { maskedViews } from '../../../src/generate/maskedViews';

function column(name: string, sqlType: string, classification?: 'pii'): TableColumn {
  return { name, sqlType, description: name, nullable: true, ...(classification && { classification }) };
}

function table(name: string, ...columns: TableColumn[]): Table {
  return { name, dataset: 'orders', kind: 'rows', columns, partitionBy: null };
}

test('a view has every column, a personal one masked in its own type', () => {
  const views = maskedViews([
    table('people', column('id', 'bigint'), column('name', 'string', 'pii'), column('born', 'date', 'pii')),
  ]);
  expect(views['create_people_masked']?.split('\n').filter((line) => !line.startsWith('--'))).toEqual([
    'CREATE OR REPLACE VIEW people_masked AS',
    'SELECT',
    '  "id",',
    `  IF("name" IS NOT NULL, '***') AS "name",`,
    '  IF(false, "born") AS "born"',
    'FROM people',
    '',
  ]);
});

test('a table without personal columns has none, and those of the service have one where their contract says so', () => {
  expect(maskedViews([table('shelves', column('id', 'bigint'))])).toEqual({});
  const personal = tables.filter(({ columns }) => columns.some((one) => one.classification === 'pii'));
  expect(Object.keys(maskedViews(tables))).toEqual(personal.map(({ name }) => `create_${name}_masked`));
});
