import { describe, expect, it } from '@jest/globals';
import { tables } from '../../../src/contract/contracts';
import { catalogResources } from '../../../src/generate/catalogResources';

const resources = catalogResources(tables);

describe('catalogResources', () => {
  it('declares one catalog table for each Delta table', () => {
    expect(Object.keys(resources).sort()).toEqual([
      'OrderItemsOrphansTable',
      'OrderItemsRejectsTable',
      'OrderItemsTable',
      'OrdersRejectsTable',
      'OrdersTable',
      'ProductsRejectsTable',
      'ProductsTable',
    ]);
  });

  it('lets Athena read the Delta log and not the folder', () => {
    expect(resources['OrdersTable']).toMatchObject({
      Properties: { TableInput: { Name: 'orders', Parameters: { table_type: 'DELTA' } } },
    });
  });

  it('puts the partition column among the columns, in the contract’s order before the lineage', () => {
    expect(columns('OrdersTable').map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      'order_num string',
      'order_id string',
      'user_id string',
      'order_timestamp timestamp',
      'total_amount decimal(12,2)',
      'date date',
      '_file string',
      '_sequence string',
      '_line bigint',
      '_batch bigint',
    ]);
  });

  it('names the columns that identify a person, wherever they are stored', () => {
    const tagged = Object.entries(resources).flatMap(([id, { Properties }]) => {
      const { Parameters } = Properties['TableInput'] as { Parameters: Record<string, string> };
      return 'lakehouse.pii' in Parameters ? [`${id} ${Parameters['lakehouse.pii']}`] : [];
    });
    expect(tagged.sort()).toEqual([
      'OrderItemsOrphansTable user_id,_raw',
      'OrderItemsRejectsTable raw',
      'OrderItemsTable user_id',
      'OrdersRejectsTable raw',
      'OrdersTable user_id',
      'ProductsRejectsTable raw',
    ]);
  });
});

interface CatalogColumn {
  Name: string;
  Type: string;
}

function columns(id: string): CatalogColumn[] {
  const input = resources[id]!.Properties['TableInput'] as {
    StorageDescriptor: { Columns: CatalogColumn[] };
  };
  return input.StorageDescriptor.Columns;
}
