import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arrival, type BenchData, type Delivery, writeData } from '../../../bench/data';
import { contracts } from '../../../src/contract/contracts';

const dir = mkdtempSync(join(tmpdir(), 'bench-data-'));
let data: BenchData;
let initial: Delivery;
let increment: Delivery;
let oneRow: Delivery;
let redelivery: Delivery;

beforeAll(async () => {
  data = await writeData(dir, 2_000);
  [initial, increment, oneRow, redelivery] = data.deliveries as [Delivery, Delivery, Delivery, Delivery];
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

function rowsOf({ path }: Arrival): string[][] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(','));
}
const itemsOf = ({ files }: Delivery): string[][] =>
  files.filter(({ dataset }) => dataset === 'order_items').flatMap(rowsOf);
/** The sample's plain dialect has the contract's order of columns, with the key first. */
const keysOf = (delivery: Delivery): Set<string> => new Set(itemsOf(delivery).map(([key = '']) => key));

describe('what the benchmark loads', () => {
  it('is about as many items as asked for, a file for each of 90 dates', () => {
    expect(initial.items).toBe(itemsOf(initial).length);
    expect(Math.abs(initial.items - 2_000)).toBeLessThan(300);
    expect(initial.files.filter(({ dataset }) => dataset === 'order_items')).toHaveLength(90);
  });

  it('goes on with an increment on three dates, of known keys and of new ones', () => {
    expect(Object.keys(contracts.order_items.properties)[0]).toBe(contracts.order_items['x-primaryKey']);
    const before = keysOf(initial);
    const keys = [...keysOf(increment)];
    expect(increment.files.map(({ dataset }) => dataset).sort()).toEqual([
      ...['order_items', 'order_items', 'order_items'],
      ...['orders', 'orders', 'orders'],
    ]);
    expect(keys.some((key) => before.has(key))).toBe(true);
    expect(keys.some((key) => !before.has(key))).toBe(true);
  });

  it('then brings one new row, and one file again with the same name and bytes', () => {
    expect([...keysOf(oneRow)].filter((key) => keysOf(initial).has(key))).toEqual([]);
    expect(itemsOf(oneRow)).toHaveLength(1);
    const [again] = redelivery.files;
    const first = increment.files.find(({ path }) => path === again?.path);
    expect(again).toEqual({ ...first, modified: again?.modified });
    expect(redelivery.items).toBe(rowsOf(again!).length);
  });

  it('arrives in order, each file after the one before', () => {
    const times = data.deliveries.flatMap(({ files }) => files.map(({ modified }) => modified));
    expect(times).toEqual([...new Set(times)].sort());
  });
});
