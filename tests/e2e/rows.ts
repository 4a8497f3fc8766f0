/** Small CSV files for the end-to-end tests. Column names come from the contracts, values by position in their order. */
import { contracts, type DatasetName } from '../../src/contract/contracts';

export function header(dataset: DatasetName): string[] {
  return Object.keys(contracts[dataset].properties);
}

/**
 * Ids and values that nothing else can look like: tests/privilege finds them in the files and looks for them in every
 * log. The first four are in all rows of their dataset.
 */
export const planted = {
  user: 'usr-5d1e0417',
  department: 'Planted-5d1e0418',
  product: 'Planted-5d1e0419',
  orderNumber: 'num-5d1e0420',
  order: 'ord-5d1e0421',
  item: 'itm-5d1e0422',
  parent: 'ord-5d1e0423',
  amount: '54160.42488',
  timestamp: 'when-5d1e0425',
} as const;

export type Row = Record<string, string>;

/** A row of the dataset with plausible values; `values` replace them. */
export function row(dataset: DatasetName, key: number | string, values: Row = {}): Row {
  const samples: Record<DatasetName, readonly string[]> = {
    products: [String(key), '4', planted.department, `${planted.product} ${key}`],
    orders: [planted.orderNumber, String(key), planted.user, '2025-04-01T10:00:00', '12.50', '2025-04-01'],
    order_items: [String(key), '1', planted.user, '', '1', '1', '0', '2025-04-01T10:00:00', '2025-04-01'],
  };
  const cells = header(dataset).map((column, index) => [column, samples[dataset][index] ?? ''] as const);
  return { ...Object.fromEntries(cells), ...values };
}

/** The lines of a CSV file with these rows; the columns in the contract's order or in the one given. */
export function csv(
  dataset: DatasetName,
  rows: readonly Row[],
  columns: readonly string[] = header(dataset),
): string[] {
  return [columns.join(','), ...rows.map((cells) => columns.map((column) => cells[column] ?? '').join(','))];
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
