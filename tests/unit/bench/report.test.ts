import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseResults, withRun } from '../../../bench/record';
import { rounded, table, withSection } from '../../../bench/markdown';
import { parseLambdaResult } from '../../../bench/lambdas/results';
import { renderLambdas, size } from '../../../bench/lambdas/page';
import { renderRun, renderRuns } from '../../../bench/report';
import { type BenchResult } from '../../../bench/results';

const docs = join(__dirname, '..', '..', '..', 'docs');
const cost = { cpuSeconds: 20, wallSeconds: 31.4, peakMegabytes: 1_234 };
const run: BenchResult = {
  items: 10_000,
  date: '2026-01-02',
  machine: {
    processor: 'a processor',
    cores: 2,
    memoryGigabytes: 24,
    loadBefore: 0.5,
    loadAfter: 2,
    versions: { Spark: '3.5.6' },
  },
  lines: { initial: 10_400 },
  emptySession: null,
  measurements: [
    { peer: 'ours', phase: 'initial', warm: false, newFiles: 91, ...cost },
    { peer: 'naive', phase: 'initial', warm: false, newFiles: 91, ...cost, cpuSeconds: 80 },
  ],
  comparisons: [
    { peer: 'naive', tables: { orders: { rows: 5, digest: 'b', missing: 1, surplus: 1, ours: 'a' } } },
  ],
};

describe('a run on the page', () => {
  it('gives the ratio, the costs, the machine with its load, and how the end states differ', () => {
    const page = renderRun(run);
    expect(page).toContain('### 10,000 order items');
    expect(page).toMatch(/\| initial load +\| cold +\| 0\.25 +\|/u);
    expect(page).toMatch(/\| naive Spark \| initial load \| cold +\| 80 +\| 31 +\| 1,234 +\| 91 +\|/u);
    expect(page).toContain('2 cores (a processor), 24 GB; Spark 3.5.6. Load average 0.50 when it began');
    expect(page).toContain('orders: 1 rows of ours missing, 1 others.');
  });

  it('shows numbers with about two digits', () => {
    expect([0.054, 0.54, 5.44, 54.4, 544].map(rounded)).toEqual(['0.05', '0.54', '5.4', '54', '544']);
  });

  it('is a table whose columns are as wide as their widest cell', () => {
    expect(table(['a', 'long'], [['cell', 'b']])).toBe('| a    | long |\n| ---- | ---- |\n| cell | b    |');
  });
});

describe('the record of runs', () => {
  it('keeps one run a size, smallest first', () => {
    const larger = { ...run, items: 20_000 };
    const again = { ...run, date: '2026-02-03' };
    expect(withRun([larger, run], again)).toEqual([again, larger]);
  });

  it('refuses a document of another form', () => {
    expect(() => parseResults('[{}]')).toThrow('restore it');
    expect(parseResults(JSON.stringify([run]))).toEqual([run]);
  });

  it('is what docs/performance.md shows', () => {
    const page = readFileSync(join(docs, 'performance.md'), 'utf8');
    const loads = parseResults(readFileSync(join(docs, 'performance.json'), 'utf8'));
    const lambdas = parseLambdaResult(readFileSync(join(docs, 'performance-lambdas.json'), 'utf8'));
    expect(withSection(page, 'loads', renderRuns(loads))).toBe(page);
    expect(withSection(page, 'functions', renderLambdas(lambdas))).toBe(page);
    expect(() => withSection('no markers', 'loads', '')).toThrow('put them back');
  });

  it('says so while there is none', () => {
    expect(renderRuns([])).toBe('No run is recorded yet.');
  });

  it('replaces only its own section of the page', () => {
    const page =
      'a\n\n<!-- one: by x -->\n\nold\n\n<!-- end of one -->\n\n<!-- two: by y -->\n\nkept\n\n<!-- end of two -->';
    expect(withSection(page, 'one', 'new')).toBe(page.replace('old', 'new'));
  });

  it('gives bytes in a unit that leaves a short number', () => {
    expect([0, 1_024, 1_162_452, 10 * 2 ** 30].map(size)).toEqual(['0.00 B', '1.0 KiB', '1.1 MiB', '10 GiB']);
  });
});
