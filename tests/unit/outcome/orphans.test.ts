import { expect, test } from '@jest/globals';
import type { JobResult } from '../../../src/batch/documents';
import type { Outcome } from '../../../generated/types/states/outcome';
import { orphansAfter, orphansAfterWithdrawal } from '../../../src/outcome/orphans';

const before = { order_items: { waiting: 2, oldestSince: '2025-04-20T12:00:00.000Z' } };
const outcome = (dataset: string, status: Outcome['status']): Outcome => ({ dataset, status, attempts: 1 });
const result = (dataset: string, orphans: JobResult['orphans']): JobResult => ({
  ...{ dataset, number: 4, manifestHash: 'a', jobRunId: 'jr', status: 'published', files: [], redriven: [] },
  ...{ rejectedFiles: [], confirmations: {}, orphans, tables: [] },
});

test('a job that ran tells what waits, without the number that expired', () => {
  const after = result('order_items', { waiting: 1, oldestSince: null, expired: 3 });
  expect(orphansAfter({ orphans: before }, [after], [outcome('order_items', 'LOADED')])).toEqual({
    order_items: { waiting: 1, oldestSince: null },
  });
});

test('a job that did not run leaves them as they were', () => {
  const loaded = [result('orders', null)];
  const outcomes = [outcome('orders', 'LOADED'), outcome('order_items', 'SKIPPED')];
  expect(orphansAfter({ orphans: before }, loaded, outcomes)).toEqual(before);
  expect(orphansAfter({}, [], [])).toEqual({});
});

test('a job that failed beside a loaded parent has missed something', () => {
  const outcomes = [outcome('products', 'LOADED'), outcome('order_items', 'FAILED')];
  expect(orphansAfter({ orphans: before }, [], outcomes)).toEqual({
    order_items: { ...before.order_items, missed: true },
  });
});

test.each([
  ['no parent loaded', before, [outcome('orders', 'FAILED'), outcome('order_items', 'FAILED')]],
  ['the dataset has no parents', before, [outcome('orders', 'FAILED'), outcome('products', 'LOADED')]],
  ['nothing waited', {}, [outcome('orders', 'LOADED'), outcome('order_items', 'FAILED')]],
  ['the dataset is none', before, [outcome('orders', 'LOADED'), outcome('unknown', 'FAILED')]],
])('nothing was missed where %s', (_, orphans, outcomes) => {
  expect(orphansAfter({ orphans }, [], outcomes)).toEqual(orphans);
});

test('what was missed is over once the job has run', () => {
  const missed = { order_items: { ...before.order_items, missed: true as const } };
  const after = result('order_items', { waiting: 2, oldestSince: null, expired: 0 });
  expect(orphansAfter({ orphans: missed }, [after], [outcome('order_items', 'LOADED')])).toEqual({
    order_items: { waiting: 2, oldestSince: null },
  });
});

test.each([
  [4, 4, undefined],
  [4, 3, true],
])('of a parent at version %i, rows that were checked against version %i', (now, seen, missed) => {
  const parent = {
    ...result('orders', null),
    tables: [{ name: 'orders', version: now, rows: 1, columns: [] }],
  };
  const child = result('order_items', { waiting: 2, oldestSince: null, expired: 0 });
  const outcomes = [outcome('orders', 'LOADED'), outcome('order_items', 'LOADED')];
  const after = orphansAfter({}, [parent, { ...child, parents: { orders: seen, products: 0 } }], outcomes);
  expect(after['order_items']?.missed).toBe(missed);
});

test('rows that wait are held back once an entry of theirs alone was withdrawn, or it would be at every sweep', () => {
  const missed = { order_items: { ...before.order_items, missed: true as const } };

  expect(orphansAfterWithdrawal({ orphans: missed }, { files: 1 })).toEqual(missed);
  expect(orphansAfterWithdrawal({ orphans: missed }, { files: 0 })).toEqual({
    order_items: { ...before.order_items, held: true },
  });
  expect(orphansAfterWithdrawal({}, { files: 0 })).toEqual({});
});

test('they are held back no longer once the job has run', () => {
  const held = { order_items: { ...before.order_items, held: true as const } };
  const after = result('order_items', { waiting: 2, oldestSince: null, expired: 0 });
  expect(orphansAfter({ orphans: held }, [after], [outcome('order_items', 'LOADED')])).toEqual({
    order_items: { waiting: 2, oldestSince: null },
  });
});
