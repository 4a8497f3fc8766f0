import { expect, test } from '@jest/globals';
import { alertOf, type Findings } from '../../../src/outcome/alert';

const nothing: Findings = {
  ...{ batch: 7, failedDatasets: [], violated: [], expired: [], failedFiles: [], backOff: false },
  ...{ abandonedBy: undefined, unsent: undefined },
};
const lines = (findings: Partial<Findings>): string[] =>
  alertOf({ ...nothing, ...findings })?.message.split('\n') ?? [];

test('nothing to tell is no alert', () => {
  expect(alertOf(nothing)).toBeNull();
});

test('the subject names the batch', () => {
  expect(alertOf({ ...nothing, unsent: 'x' })?.subject).toBe('Lakehouse batch 7 needs attention');
});

test('each finding has its line, in the order in which somebody should read them', () => {
  const failure = { name: 'RowsUnaccounted', family: 'terminal', message: 'one row too few' } as const;
  const found = lines({
    failedDatasets: [
      { dataset: 'orders', status: 'FAILED', attempts: 1, failure },
      { dataset: 'products', status: 'FAILED', attempts: 1 },
    ],
    backOff: true,
    expired: [{ dataset: 'order_items', rows: 4 }],
    failedFiles: [{ key: 'raw/orders/a.csv', reason: 'gone' }],
    abandonedBy: 'arn:1',
    unsent: 'before',
  });
  expect(found).toEqual([
    'orders did not load (RowsUnaccounted: one row too few).',
    'products did not load (no reason given).',
    'Its files wait again; nothing starts by itself before the next arrival or sweep. Look at the cause first.',
    '4 rows of order_items were rejected: their parent never came.',
    'File raw/orders/a.csv FAILED: gone',
    'The batch was finished after arn:1 ended without a report.',
    'Not sent earlier: before',
  ]);
});

test('twenty files are named, more are counted', () => {
  const files = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `f${n}`, reason: 'r' }));
  expect(lines({ failedFiles: files(20) })).toHaveLength(20);
  expect(lines({ failedFiles: files(23) }).slice(19)).toEqual([
    'File f19 FAILED: r',
    'And 3 more files FAILED.',
  ]);
});
