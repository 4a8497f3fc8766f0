import { join } from 'node:path';
import { base, en, Faker } from '@faker-js/faker';
import { type RowCounts } from '../generated/types/outputs/ingest';
import { type DatasetName } from '../src/contract/contracts';
import { CsvFile } from '../src/sample/csvFile';
import { type ExpectedOutcome } from '../src/sample/expected';
import { type SampleParameters, writeSample } from '../src/sample/generate';
import { makeOrder, sampleColumns } from '../src/sample/rows';
import { type Phase } from './results';

/** A file as a worker is told to load it. */
export interface Arrival {
  readonly dataset: DatasetName;
  readonly path: string;
  /** Its name in the landing zone: a redelivery bears the name of the first. */
  readonly name: string;
  readonly modified: string;
}

/** What arrives in a phase. */
export interface Delivery {
  readonly phase: Phase;
  readonly number: number;
  readonly files: readonly Arrival[];
  /** Lines of the files of order items, headers apart. */
  readonly items: number;
}

export interface BenchData {
  readonly deliveries: readonly Delivery[];
  /** What the initial load has to give in empty tables. */
  readonly expected: ExpectedOutcome;
  readonly parameters: SampleParameters;
}

const DAYS = 90;
const INCREMENT_DAYS = 3;
const INCREMENT_SHARE = 0.02;
const BAD_ROWS = 0.02;
/** 1 to 6, evenly. */
const ITEMS_PER_ORDER = 3.5;
const ITEMS_PER_PRODUCT = 100;
const LEAST_PRODUCTS = 200;
const LAST_DATE = '2025-07-29';
/** Number of a line that no sample has: identifiers have eight digits. */
const NEW_ITEMS = 99_999_000;
/** After every date of the sample, so that no row is in the future of its file. */
const FIRST_ARRIVAL = Date.UTC(2026, 0, 1);

/** Gives files their times of arrival, a second each. */
class Arrivals {
  private files = 0;

  of(dir: string, { files }: ExpectedOutcome, datasets: readonly DatasetName[]): Arrival[] {
    return files
      .filter(({ state, dataset }) => state === 'ARCHIVED' && datasets.includes(dataset))
      .map(({ dataset, path }) => this.next(dataset, join(dir, path), path.slice(dataset.length + 1)));
  }

  next(dataset: DatasetName, path: string, name: string): Arrival {
    this.files += 1;
    return { dataset, path, name, modified: new Date(FIRST_ARRIVAL + this.files * 1_000).toISOString() };
  }
}

function itemLines({ files }: ExpectedOutcome, outcomes: readonly (keyof RowCounts)[] = ['read']): number {
  const counts = files.flatMap(({ dataset, rows }) => (dataset === 'order_items' && rows ? [rows] : []));
  return counts
    .flatMap((rows) => outcomes.map((name) => rows[name] ?? 0))
    .reduce((sum, rows) => sum + rows, 0);
}

/**
 * Writes the files of all phases into `dir`.
 *
 * - initial: about `items` order items over 90 dates with their orders and products
 * - increment: 2 % of it over the last 3 dates; half of the orders and lines are new, half replace ones of the initial load
 * - one row: a new line of an order of the initial load
 * - redelivery: one file of the increment's order items once more, with the same bytes
 */
export async function writeData(dir: string, items: number): Promise<BenchData> {
  const arrivals = new Arrivals();
  const parameters = {
    products: Math.max(LEAST_PRODUCTS, Math.round(items / ITEMS_PER_PRODUCT)),
    orders: Math.round(items / ITEMS_PER_ORDER),
    days: DAYS,
    seed: 20_250_501,
    defects: BAD_ROWS,
  };
  const first = join(dir, 'initial');
  const initial = await writeSample(first, { ...parameters, plain: true });
  const orders = Math.max(INCREMENT_DAYS, Math.round(parameters.orders * INCREMENT_SHARE));
  const second = join(dir, 'increment');
  const half = Math.round(orders / 2);
  const increment = await writeSample(second, {
    ...parameters,
    orders,
    days: INCREMENT_DAYS,
    seed: parameters.seed + 1,
    plain: true,
    from: {
      order: parameters.orders - half + 1,
      item: Math.max(1, itemLines(initial, ['inserted', 'orphaned']) - Math.round(half * ITEMS_PER_ORDER)),
      day: DAYS - INCREMENT_DAYS,
    },
  });
  const initialFiles = arrivals.of(first, initial, ['products', 'orders', 'order_items']);
  const incrementFiles = arrivals.of(second, increment, ['orders', 'order_items']);
  const oneRow = await writeOneRow(join(dir, 'one-row'), parameters, arrivals);
  const again = incrementFiles.filter(({ dataset }) => dataset === 'order_items').slice(0, 1);
  const redelivery = again.map(({ dataset, path, name }) => arrivals.next(dataset, path, name));
  const lines = increment.files.find(({ path }) => again[0]?.path.endsWith(path))?.rows?.read ?? 0;
  return {
    deliveries: [
      { phase: 'initial', number: 1, files: initialFiles, items: itemLines(initial) },
      { phase: 'increment', number: 2, files: incrementFiles, items: itemLines(increment) },
      { phase: 'oneRow', number: 3, files: oneRow, items: 1 },
      { phase: 'redelivery', number: 4, files: redelivery, items: lines },
    ],
    expected: initial,
    parameters,
  };
}

/** A new line of an order that is there. */
async function writeOneRow(
  dir: string,
  parameters: SampleParameters,
  arrivals: Arrivals,
): Promise<Arrival[]> {
  const faker = new Faker({ locale: [en, base], seed: parameters.seed + 2 });
  const { orders } = parameters;
  const { items } = makeOrder(faker, parameters, LAST_DATE, orders, NEW_ITEMS);
  const path = join(dir, 'one-row.csv');
  const file = await CsvFile.create(path, { bom: false, lineEnd: '\n', columns: sampleColumns.order_items });
  for (const item of items.slice(0, 1)) await file.row(item);
  await file.close();
  return [arrivals.next('order_items', path, 'one-row.csv')];
}
