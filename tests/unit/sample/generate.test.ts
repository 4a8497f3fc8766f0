import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import rules from '../../../schemas/rules.json';
import { columnsOf, contracts, datasetNames } from '../../../src/contract/contracts';
import { type ExpectedOutcome } from '../../../src/sample/expected';
import { defaultSample, type SampleParameters, writeSample } from '../../../src/sample/generate';
import { rowDefects, sampleColumns } from '../../../src/sample/rows';

const roots: string[] = [];

function newFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'sample-'));
  roots.push(root);
  return root;
}

afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

function bytesOf(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [
        join(entry.parentPath, entry.name).slice(dir.length + 1),
        join(entry.parentPath, entry.name),
      ])
      .sort()
      .map(([name, path]) => [name!, readFileSync(path!).toString('base64')]),
  );
}

function rowsOf(dir: string, path: string): Record<string, string>[] {
  return parse(readFileSync(join(dir, path)), { columns: true, bom: true });
}

describe('the columns and defects of the sample', () => {
  it('are those of the contracts', () => {
    for (const dataset of datasetNames) {
      const names = columnsOf(dataset).map(({ name }) => name);
      expect([...sampleColumns[dataset]].sort()).toEqual([...names].sort());
      for (const { cells } of rowDefects[dataset]) {
        expect(names).toEqual(expect.arrayContaining(Object.keys(cells ?? {})));
      }
    }
  });

  it('break every row rule that can stand in a file, and no rule that does not exist', () => {
    const planned = new Set(datasetNames.flatMap((dataset) => rowDefects[dataset].map(({ rule }) => rule)));
    const possible = rules.filter(({ scope, name }) => scope === 'row' && name !== 'ORPHAN_EXPIRED');
    expect([...planned].sort()).toEqual(possible.map(({ name }) => name).sort());
  });
});

describe('a sample with defects', () => {
  let dir: string;
  let outcome: ExpectedOutcome;
  const parameters: SampleParameters = { ...defaultSample, products: 60, orders: 200 };

  beforeAll(async () => {
    dir = newFolder();
    outcome = await writeSample(dir, parameters);
  });

  it('is the same to the byte for the same seed, and another for another seed', async () => {
    const again = newFolder();
    const other = newFolder();
    expect(await writeSample(again, parameters)).toEqual(outcome);
    await writeSample(other, { ...parameters, seed: 1 });
    expect(bytesOf(again)).toEqual(bytesOf(dir));
    expect(bytesOf(other)['orders/2025-05-02.csv']).not.toEqual(bytesOf(dir)['orders/2025-05-02.csv']);
  });

  it('names every file that it wrote, and leaves no other', () => {
    expect(Object.keys(bytesOf(dir)).sort()).toEqual(outcome.files.map(({ path }) => path).sort());
  });

  it('breaks each planned rule at least once', () => {
    for (const dataset of datasetNames) {
      const broken = new Set(
        outcome.files
          .filter((file) => file.dataset === dataset)
          .flatMap(({ rejects }) => Object.keys(rejects)),
      );
      expect([...broken].sort()).toEqual([...new Set(rowDefects[dataset].map(({ rule }) => rule))].sort());
    }
  });

  it('has files that only their header condemns, each with a rule of the header', () => {
    const refused = outcome.files.filter(({ state }) => state === 'REJECTED');
    const headerRules = rules.filter(({ scope }) => scope === 'header').map(({ name }) => name);
    expect(refused.flatMap((file) => file.headerRules)).toEqual([
      'EMPTY_FILE',
      'BINARY_FILE',
      'MISSING_COLUMN',
      'MISSING_COLUMN',
      'UNKNOWN_COLUMN',
    ]);
    expect(headerRules).toEqual(expect.arrayContaining(refused.flatMap((file) => file.headerRules)));
  });

  it('expects counts that add up and equal the records in the file', () => {
    for (const { path, rows, rejects } of outcome.files) {
      if (rows === null) continue;
      const { read, ...outcomes } = rows;
      expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(read);
      expect(Object.values(rejects).reduce((sum, count) => sum + count, 0)).toBe(rows.rejected);
      const lines = readFileSync(join(dir, path), 'utf8').split(/\r?\n/u).filter(Boolean);
      expect(lines.length - 1).toBe(read);
    }
  });

  it('has names with quotes, commas and other scripts that read back as written', () => {
    const clean = newFolder();
    return writeSample(clean, { ...parameters, defects: 0 }).then(() => {
      const names = rowsOf(clean, 'products/products.csv').map((row) => row['product_name'] ?? '');
      for (const sign of ['"', ',', 'è', '抹', '🍵']) expect(names.join('')).toContain(sign);
      expect(names.join('')).not.toContain('""');
    });
  });

  it('leaves no half-written file when it is interrupted', async () => {
    const interrupted = newFolder();
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(writeSample(interrupted, parameters, stop)).rejects.toThrow('stopped');
    expect(Object.keys(bytesOf(interrupted))).toEqual(['products/products.csv']);
  });
});

describe('a clean sample of any size', () => {
  it('has unique keys, resolving foreign keys and the expected number of rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          products: fc.integer({ min: 1, max: 30 }),
          orders: fc.integer({ min: 0, max: 60 }),
          days: fc.integer({ min: 1, max: 5 }),
          seed: fc.nat(),
        }),
        async (size) => {
          const dir = newFolder();
          const { files, tables } = await writeSample(dir, { ...size, defects: 0 });
          const rows = Object.fromEntries(
            datasetNames.map((name) => [
              name,
              files.filter(({ dataset }) => dataset === name).flatMap(({ path }) => rowsOf(dir, path)),
            ]),
          );
          const keys = (name: keyof typeof contracts): Set<string | undefined> =>
            new Set(rows[name]!.map((row) => row[contracts[name]['x-primaryKey']]));
          for (const name of datasetNames) {
            expect(keys(name).size).toBe(rows[name]!.length);
            expect(tables[name]).toBe(rows[name]!.length);
            for (const { column, dataset } of contracts[name]['x-foreignKeys']) {
              const parents = keys(datasetNames.find((parent) => parent === dataset)!);
              for (const row of rows[name]!) expect(parents).toContain(row[column]);
            }
          }
          expect([tables['products'], tables['orders']]).toEqual([size.products, size.orders]);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a sample that follows another one', () => {
  it('goes on with its numbers and dates, each file in the plain dialect', async () => {
    const dir = newFolder();
    const { files } = await writeSample(dir, {
      ...defaultSample,
      orders: 40,
      days: 4,
      plain: true,
      from: { order: 101, item: 501, day: 3 },
    });
    const names = files.filter(({ state }) => state === 'ARCHIVED').map(({ path }) => path);
    const days = ['04', '05', '06', '07'].map((day) => `2025-05-${day}.csv`);
    expect(names).toEqual([
      ...days.map((day) => `order_items/${day}`),
      ...days.map((day) => `orders/${day}`),
      'products/products.csv',
    ]);
    const header = `${sampleColumns.order_items.join(',')}\n`;
    for (const day of days) {
      expect(readFileSync(join(dir, 'order_items', day), 'utf8').startsWith(header)).toBe(true);
    }
    const [first] = rowsOf(dir, `order_items/${days[0]!}`);
    const key = (name: string): number => Number(first![name]);
    expect([key('order_id'), key(contracts.order_items['x-primaryKey'])]).toEqual([101, 501]);
  });
});
