import { describe, expect, test } from '@jest/globals';
import { newlyViolated, tablesToRestore, violationsBefore } from '../../../src/gate/decide';
import type { EntryItem } from '../../../src/ledger/items';

const counts = (found: Record<string, number>): { name: string; violations: number }[] =>
  Object.entries(found).map(([name, violations]) => ({ name, violations }));

/** An entry whose validation found one violation in a, as long as no gate has judged it. */
const unjudged: EntryItem = {
  ...{ pk: 'entry', sk: '0000000006', number: 6, kind: 'load', state: 'DONE', manifestKey: 'k' },
  ...{ manifestHash: '0'.repeat(64), openedAt: '2025-04-20T12:00:00.000Z', executionArn: 'arn', files: 1 },
  ...{ datasets: ['orders'], jobRuns: 1, validation: counts({ a: 1 }) },
};

/** The entry with orders at version 3 and no products yet. */
function previous(changes: Partial<EntryItem> = {}): EntryItem {
  const tables = { orders: 3, products: null };
  return { ...unjudged, gate: { decision: 'PUBLISH', tables, before: counts({ a: 0 }) }, ...changes };
}

describe('what is known of the tables before a batch', () => {
  test.each([
    ['not created', { orders: null, products: null }],
    ['as created', { orders: 0, products: null }],
  ])('tables that are %s have no violations, whatever came before', (_, pinned) => {
    expect(violationsBefore(pinned, undefined, ['a', 'b'])).toEqual(counts({ a: 0, b: 0 }));
  });

  test.each(['DONE', 'FAILED'] as const)('what the validation of the entry before found (%s)', (state) => {
    expect(violationsBefore({ orders: 3, products: null }, previous({ state }), ['a'])).toEqual(
      counts({ a: 1 }),
    );
  });

  test('after a withdrawn entry: what was before that one, as long as the tables are as it left them', () => {
    const withdrawn = previous({
      state: 'WITHDRAWN',
      validation: counts({ a: 9 }),
      tables: [{ name: 'orders', version: 4, rows: 1 }],
      gate: {
        ...{ decision: 'WITHDRAW', before: counts({ a: 1 }), restore: { orders: 2 }, outcomes: [] },
        tables: { orders: 3, products: null },
      },
    });
    expect(violationsBefore({ orders: 4, products: null }, withdrawn, ['a'])).toEqual(counts({ a: 1 }));
    expect(violationsBefore({ orders: 3, products: null }, withdrawn, ['a'])).toEqual([]);
  });

  test.each([
    ['there is no entry before: the ledger began anew over old tables', undefined, 3],
    ['the entry before was never judged', unjudged, 3],
    ['somebody has changed a table since', previous(), 4],
  ])('nothing, when %s', (_, entry, orders) => {
    expect(violationsBefore({ orders, products: null }, entry, ['a'])).toEqual([]);
  });

  test('nothing of a check that the validation before did not have', () => {
    const known = violationsBefore({ orders: 3, products: null }, previous(), ['a', 'new']);
    expect(newlyViolated(counts({ a: 1, new: 5 }), known)).toEqual([]);
  });
});

test('a check is newly violated when it finds more than before', () => {
  const found = counts({ same: 2, fewer: 1, more: 3, first: 1, unknown: 7, none: 0 });
  const before = counts({ same: 2, fewer: 2, more: 2, first: 0, none: 0 });
  expect(newlyViolated(found, before)).toEqual([
    { name: 'more', violations: 3, before: 2 },
    { name: 'first', violations: 1, before: 0 },
  ]);
});

test('tables with a commit since the plan return to their version before, created ones to being empty', () => {
  const pinned = { orders: 4, products: 2, order_items: null, orders_rejects: null, products_rejects: 0 };
  const now = { orders: 6, products: 2, order_items: 1, orders_rejects: 0, products_rejects: null };
  expect(tablesToRestore(pinned, now)).toEqual({ orders: 4, order_items: 0 });
});
