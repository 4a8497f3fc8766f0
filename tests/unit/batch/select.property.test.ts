import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Limits, selectFiles } from '../../../src/batch/select';
import type { PendingItem } from '../../../src/ledger/items';

const waiting = fc.array(
  fc.record({
    dataset: fc.constantFrom('orders', 'products', 'order_items'),
    size: fc.nat(100),
    isolation: fc.option(fc.constantFrom('1.0', '1.1', '1.00', '2.0'), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 40 },
);
const limits = fc.record({
  maxFiles: fc.integer({ min: 1, max: 8 }),
  maxBytes: fc.integer({ min: 1, max: 300 }),
});

function pendingOf(
  files: readonly { dataset: string; size: number; isolation: string | undefined }[],
): PendingItem[] {
  return files.map(({ isolation, ...file }, index) => ({
    ...{ pk: 'pending' as const, sk: String(index), fileId: String(index), ...file },
    ...(isolation === undefined ? {} : { isolation }),
  }));
}

/** The files in the order in which entries take them, until none waits. */
function planAll(pending: readonly PendingItem[], most: Limits): { entry: number; fileId: string }[] {
  const taken: { entry: number; fileId: string }[] = [];
  let left = [...pending];
  for (let entry = 1; left.length > 0; entry++) {
    const { fileIds } = selectFiles(left, most, entry);
    taken.push(...fileIds.map((fileId) => ({ entry, fileId })));
    left = left.filter(({ fileId }) => !fileIds.includes(fileId));
    if (entry > pending.length) throw new Error('an entry took nothing');
  }
  return taken;
}

test('every file is taken, once', () => {
  fc.assert(
    fc.property(waiting, limits, (files, most) => {
      const pending = pendingOf(files);
      const taken = planAll(pending, most).map(({ fileId }) => Number(fileId));
      expect(taken.toSorted((a, b) => a - b)).toEqual(pending.map((_, index) => index));
    }),
  );
});

test('of one dataset and one group the older file is never behind the newer one', () => {
  fc.assert(
    fc.property(waiting, limits, (files, most) => {
      const pending = pendingOf(files);
      const groups = new Map<string, number[]>();
      for (const { fileId } of planAll(pending, most)) {
        const { dataset, isolation } = pending[Number(fileId)]!;
        const group = `${dataset} ${isolation ?? ''}`;
        groups.set(group, [...(groups.get(group) ?? []), Number(fileId)]);
      }
      for (const order of groups.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

test('an entry takes the oldest files up to the limits, and at least one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }), limits, (sizes, most) => {
      const pending = pendingOf(sizes.map((size) => ({ dataset: 'orders', size, isolation: undefined })));
      const fits = (count: number): boolean =>
        count <= most.maxFiles && sizes.slice(0, count).reduce((sum, size) => sum + size, 0) <= most.maxBytes;
      const expected = Math.max(1, ...sizes.map((_, index) => index + 1).filter(fits));
      const { fileIds, isolation } = selectFiles(pending, most, 1);
      expect(fileIds).toEqual(pending.slice(0, expected).map(({ fileId }) => fileId));
      expect(isolation).toStrictEqual({});
    }),
  );
});

test('a group of one dataset leaves the others as they are', () => {
  const pending = pendingOf([
    { dataset: 'orders', size: 1, isolation: '1.0' },
    { dataset: 'products', size: 1, isolation: undefined },
  ]);
  for (const number of [1, 2]) {
    const { fileIds, isolation } = selectFiles(pending, { maxFiles: 9, maxBytes: 9 }, number);
    expect([fileIds, isolation]).toEqual([['0', '1'], { orders: '1.0' }]);
  }
});

test('an isolated group waits for at most one entry of files beside it', () => {
  const steady = pendingOf([
    ...Array.from({ length: 30 }, () => ({ dataset: 'orders', size: 1, isolation: undefined })),
    { dataset: 'orders', size: 1, isolation: '1.0' },
  ]);
  const group = planAll(steady, { maxFiles: 5, maxBytes: 1000 }).find(({ fileId }) => fileId === '30');
  expect(group?.entry).toBe(2);
});

test('of several groups the one halved least is tried first, the older one of two', () => {
  const take = (...groups: string[]): Record<string, string> =>
    selectFiles(
      pendingOf(groups.map((isolation) => ({ dataset: 'orders', size: 1, isolation }))),
      { maxFiles: 9, maxBytes: 9 },
      2,
    ).isolation;
  expect(take('3.00', '3.1')).toEqual({ orders: '3.1' });
  expect(take('3.00', '1234.1')).toEqual({ orders: '1234.1' });
  expect(take('3.1', '3.0')).toEqual({ orders: '3.1' });
});
