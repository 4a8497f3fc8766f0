/**
 * The contracts of schemas/datasets, read and checked once. The only place of the TypeScript code that names a dataset:
 * a bundler can follow no folder listing, so a new contract is one import here (a test compares it with the folder).
 */
import orderItems from '../../schemas/datasets/order_items.schema.json';
import orders from '../../schemas/datasets/orders.schema.json';
import products from '../../schemas/datasets/products.schema.json';
import systemColumns from '../../schemas/tables/system-columns.json';
import { type Contract, inDependencyOrder, isNullable, parseContract, sqlType } from './contract';

export { type Column, type Contract, isNullable, sqlType } from './contract';

export const contracts = {
  order_items: parseContract('order_items', orderItems),
  orders: parseContract('orders', orders),
  products: parseContract('products', products),
} satisfies Record<string, Contract>;

export type DatasetName = keyof typeof contracts;

/** Every dataset, parents before children. */
export const datasetNames: readonly DatasetName[] = inDependencyOrder(contracts);

export function isDatasetName(name: string): name is DatasetName {
  return Object.hasOwn(contracts, name);
}

/** The datasets that a dataset's foreign keys refer to, each once. */
export function parentsOf(dataset: DatasetName): DatasetName[] {
  const parents = new Set(contracts[dataset]['x-foreignKeys'].map((key) => key.dataset));
  return datasetNames.filter((name) => parents.has(name));
}

/** Whether rows of the dataset can wait for a parent. */
export function hasOrphans(dataset: DatasetName): boolean {
  return contracts[dataset]['x-foreignKeys'].length > 0;
}

/** A column of a Delta table; `sqlType` as Spark and the Glue Data Catalog write it. */
export interface TableColumn {
  readonly name: string;
  readonly sqlType: string;
  readonly description: string;
  readonly nullable: boolean;
  readonly classification?: 'pii';
}

/** A column of schemas/tables/system-columns.json. */
type SystemColumn = Pick<TableColumn, 'name' | 'sqlType' | 'description'> & { readonly pii?: boolean };

/** A Delta table of the warehouse; its location is s3://<warehouse>/<name>. */
export interface Table {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly kind: 'rows' | 'rejects' | 'orphans';
  readonly columns: readonly TableColumn[];
  readonly partitionBy: string | null;
}

/** The contract's columns as table columns, in the table's order, without the system's. */
export function columnsOf(dataset: DatasetName): TableColumn[] {
  return Object.entries<Contract['properties'][string]>(contracts[dataset].properties).map(
    ([name, column]) => ({
      name,
      sqlType: sqlType(column),
      description: column.description,
      nullable: isNullable(column),
      ...(column['x-classification'] === undefined ? {} : { classification: column['x-classification'] }),
    }),
  );
}

/**
 * What a whole file of the dataset is to be treated as: `pii` when the contract classifies a column so. Nobody has said
 * what a file in no dataset's folder (null) holds.
 */
export function classificationOf(dataset: string | null): 'pii' | 'none' | 'unclassified' {
  if (dataset === null || !isDatasetName(dataset)) return 'unclassified';
  return columnsOf(dataset).some(({ classification }) => classification === 'pii') ? 'pii' : 'none';
}

/** The tables that a dataset's job owns: its rows, its rejects and, with foreign keys, its orphans. */
export function tablesOf(dataset: DatasetName): Table[] {
  const system = (columns: readonly SystemColumn[]): TableColumn[] =>
    columns.map(({ pii = false, ...column }) => ({
      ...column,
      nullable: true,
      ...(pii ? { classification: 'pii' as const } : {}),
    }));
  const rows = [...columnsOf(dataset), ...system(systemColumns.lineage)];
  const rejects = system(systemColumns.rejects);
  const partitionBy = contracts[dataset]['x-partitionBy'];
  const tables: Table[] = [
    { name: dataset, dataset, kind: 'rows', columns: rows, partitionBy },
    { name: `${dataset}_rejects`, dataset, kind: 'rejects', columns: rejects, partitionBy: null },
  ];
  if (hasOrphans(dataset)) {
    const columns = [...rows, ...system(systemColumns.orphans)];
    tables.push({ name: `${dataset}_orphans`, dataset, kind: 'orphans', columns, partitionBy: null });
  }
  return tables;
}

/** Every table of the warehouse, in dependency order of the datasets. */
export const tables: readonly Table[] = datasetNames.flatMap(tablesOf);
