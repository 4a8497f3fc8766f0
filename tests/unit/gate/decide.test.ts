import { expect, test } from '@jest/globals';
import { newlyViolated, tablesToRestore, violationsBefore } from '../../../src/gate/decide';

const counts = (found: Record<string, number>): { name: string; violations: number }[] =>
  Object.entries(found).map(([name, violations]) => ({ name, violations }));

test('what stood in the tables before is what the jobs found: keys that stood twice, each under its own check', () => {
  const results = [{ dataset: 'orders', repeatedBefore: 2 }, { dataset: 'products' }];
  expect(violationsBefore(results)).toEqual(counts({ orders_primary_key_unique: 2 }));
});

test('a check is newly violated when it finds more than stood there before, which is nothing unless a job says so', () => {
  const found = counts({ same: 2, fewer: 1, more: 3, unknown: 7, none: 0 });
  expect(newlyViolated(found, counts({ same: 2, fewer: 2, more: 2 }))).toEqual([
    { name: 'more', violations: 3, before: 2 },
    { name: 'unknown', violations: 7, before: 0 },
  ]);
});

test('tables with a commit since the plan return to their version before, created ones to being empty', () => {
  const pinned = { orders: 4, products: 2, order_items: null, orders_rejects: null, products_rejects: 0 };
  const now = { orders: 6, products: 2, order_items: 1, orders_rejects: 0, products_rejects: null };
  expect(tablesToRestore(pinned, now)).toEqual({ orders: 4, order_items: 0 });
});
