/** What a fault point delivers: small files with a new, a changed, a repeated, a refused and an orphaned row. */
import type { DatasetName } from '../../src/contract/contracts';
import { csv, type Row, range, row } from '../e2e/rows';

export interface Line {
  readonly cells: Row;
  /** The rule that the line breaks. */
  readonly breaks?: string;
}

export interface DataFile {
  readonly dataset: DatasetName;
  /** Below raw/<dataset>/; the files of a point are delivered in the order of their names. */
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Files that are delivered together. */
export type Wave = readonly DataFile[];

export function keyOf({ dataset, name }: DataFile): string {
  return `raw/${dataset}/${name}`;
}

export function bodyOf({ dataset, lines }: DataFile): string {
  return `${csv(
    dataset,
    lines.map(({ cells }) => cells),
  ).join('\n')}\n`;
}

function good(dataset: DatasetName, key: string, values: Row = {}): Line {
  return { cells: row(dataset, key, values) };
}

/** One dataset: new rows, one of them twice, a row that breaks a rule, and a newer file that changes one. */
export function products(id: string): Wave[] {
  const product = (number: number, name = `Product ${number}`): Line =>
    good('products', `${id}.${number}`, { product_name: name });
  const bad = { ...product(9), breaks: 'BAD_INTEGER' };
  bad.cells['department_id'] = 'x';
  const first = [product(1), product(2), product(3), bad, product(2), product(4)];
  return [
    [
      { dataset: 'products', name: `${id}-a.csv`, lines: first },
      { dataset: 'products', name: `${id}-b.csv`, lines: [product(1, 'Renamed'), product(5)] },
    ],
  ];
}

/** Three datasets in two waves: items whose order comes with the second, which also changes an item. */
export function orderItems(id: string): Wave[] {
  const item = (number: number, order: number, values: Row = {}): Line =>
    good('order_items', `${id}.${number}`, { order_id: `${id}.${order}`, product_id: `${id}.1`, ...values });
  const order = (number: number): Line => good('orders', `${id}.${number}`);
  const bad = { ...item(8, 1, { add_to_cart_order: '0' }), breaks: 'RANGE' };
  return [
    [
      { dataset: 'products', name: `${id}-a.csv`, lines: [good('products', `${id}.1`)] },
      { dataset: 'orders', name: `${id}-b.csv`, lines: [order(1)] },
      { dataset: 'order_items', name: `${id}-c.csv`, lines: [item(1, 1), item(2, 2), bad, item(3, 2)] },
    ],
    [
      { dataset: 'orders', name: `${id}-d.csv`, lines: [order(2)] },
      {
        dataset: 'order_items',
        name: `${id}-e.csv`,
        lines: [item(1, 1, { add_to_cart_order: '7' }), item(4, 2)],
      },
    ],
  ];
}

/** A row for every table, so that each exists and no orphan makes later batches run a job more. */
export function firstRows(id: string): Wave {
  const parents = { order_id: `${id}.1`, product_id: `${id}.1` };
  return [
    { dataset: 'products', name: `${id}-a.csv`, lines: [good('products', `${id}.1`)] },
    { dataset: 'orders', name: `${id}-b.csv`, lines: [good('orders', `${id}.1`)] },
    { dataset: 'order_items', name: `${id}-c.csv`, lines: [good('order_items', `${id}.1`, parents)] },
  ];
}

/** Many small files, each with a row of its own and one that all of them have. */
export function manyFiles(id: string, count: number): Wave[] {
  return [
    range(1, count).map((number) => ({
      dataset: 'products' as const,
      name: `${id}-${String(number).padStart(4, '0')}.csv`,
      lines: [
        good('products', `${id}.${number}`),
        good('products', `${id}.all`, { product_name: `Product of file ${number}` }),
      ],
    })),
  ];
}
