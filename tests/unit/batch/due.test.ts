import { expect, test } from '@jest/globals';
import { expiryDue, orphansDue, redriveDue, uninitialised } from '../../../src/batch/due';
import { tables } from '../../../src/contract/contracts';

const NOW = new Date('2025-04-30T12:00:00.000Z');
const waiting = (oldestSince: string | null, missed?: true) => ({
  orphans: { order_items: { waiting: 1, oldestSince, ...(missed ? { missed } : {}) } },
});

test('rows that wait are due when a parent changes', () => {
  expect(orphansDue(waiting(null))).toEqual(['order_items']);
  expect(orphansDue({ orphans: { order_items: { waiting: 0, oldestSince: null } } })).toEqual([]);
  expect(orphansDue({ orphans: { unknown: { waiting: 1, oldestSince: null } } })).toEqual([]);
  expect(orphansDue({})).toEqual([]);
});

test('rows expire only after the whole of the last day', () => {
  expect(expiryDue(waiting('2025-04-20T11:59:59.999Z'), NOW, 10)).toEqual(['order_items']);
  expect(expiryDue(waiting('2025-04-20T12:00:00.000Z'), NOW, 10)).toEqual([]);
  expect(expiryDue(waiting(null), new Date(0), -10)).toEqual([]);
  expect(expiryDue(waiting(null), NOW, 10)).toEqual([]);
});

test('rows are due in any case only when their parents were missed', () => {
  expect(redriveDue(waiting(null, true))).toEqual(['order_items']);
  expect(redriveDue(waiting(null))).toEqual([]);
});

test('rows that are held back are due only with a parent', () => {
  const held = {
    orphans: {
      order_items: {
        ...{ waiting: 1, oldestSince: '2025-04-01T00:00:00.000Z' },
        ...{ missed: true as const, held: true as const },
      },
    },
  };
  expect([orphansDue(held), expiryDue(held, NOW, 10), redriveDue(held)]).toEqual([['order_items'], [], []]);
});

test('a dataset is initialised once each of its tables has a log', () => {
  const all = Object.fromEntries(tables.map(({ name }) => [name, 0]));
  expect(uninitialised({ tables: all })).toEqual([]);
  for (const { name, dataset } of tables) {
    expect(uninitialised({ tables: { ...all, [name]: null } })).toEqual([dataset]);
  }
  expect(uninitialised({ tables: {} })).toHaveLength(3);
});
