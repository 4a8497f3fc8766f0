import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JobResult } from '../../../src/batch/documents';
import { RowsUnaccounted } from '../../../src/errors';
import { accountedRows, noRows } from '../../../src/outcome/rows';

type Rows = JobResult['files'][number]['rows'];

const outcomes = [
  'inserted',
  'updated',
  'unchanged',
  'superseded',
  'duplicate',
  'rejected',
  'orphaned',
  'erased',
] as const;

function resultOf(files: Record<string, Rows>, redriven: Record<string, Rows> = {}): JobResult {
  const list = (rows: Record<string, Rows>) =>
    Object.entries(rows).map(([fileId, rows]) => ({ fileId, rows }));
  return {
    ...{ dataset: 'orders', number: 4, manifestHash: 'a', jobRunId: 'jr', status: 'published' },
    ...{ files: list(files), redriven: list(redriven), rejectedFiles: [], confirmations: {}, orphans: null },
    tables: [],
  };
}

const counted = fc
  .tuple(...outcomes.map(() => fc.nat(50)))
  .map((counts) => Object.fromEntries(outcomes.map((name, index) => [name, counts[index] ?? 0])))
  .map((rows): Rows => ({ ...noRows, ...rows, read: Object.values(rows).reduce((a, b) => a + b, 0) }));

test('counts that add up are booked as they are', () => {
  fc.assert(
    fc.property(counted, counted, (a, b) => {
      const { files } = accountedRows(resultOf({ a, b }), ['a', 'b']);
      expect([files.get('a'), files.get('b'), files.size]).toEqual([a, b, 2]);
    }),
  );
});

test('one row more or less in any outcome is refused, with the file and both sums', () => {
  fc.assert(
    fc.property(counted, fc.constantFrom(...outcomes), fc.constantFrom(1, -1), (rows, name, by) => {
      const wrong = { ...rows, [name]: (rows[name] ?? 0) + by };
      expect(() => accountedRows(resultOf({ a: wrong }), ['a'])).toThrow(
        new RowsUnaccounted(
          `The result of orders in batch 4 does not add up: a: ${rows.read} read, ${rows.read + by} accounted for`,
        ),
      );
    }),
  );
});

test('every file that is missing or strange is named', () => {
  expect(() => accountedRows(resultOf({ b: noRows, c: noRows }), ['a', 'b'])).toThrow(
    /does not add up: a is not counted; c is none of the batch$/,
  );
});

test('a change of earlier counts moves rows and makes none', () => {
  const moved = { ...noRows, orphaned: -2, inserted: 2 };
  expect(accountedRows(resultOf({}, { a: moved }), []).redriven).toEqual(new Map([['a', moved]]));
  expect(() => accountedRows(resultOf({}, { a: { ...moved, inserted: 1 } }), [])).toThrow(
    /a: 0 read, -1 accounted/,
  );
});
