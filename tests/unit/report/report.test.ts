import { describe, expect, it } from '@jest/globals';
import { report } from '../../../src/report/model/report';
import { fileItem } from '../cli/fakes';
import { batch, facts } from './fixture';

describe('a report', () => {
  it('is good when the last batch is done, valid and every file is settled', () => {
    expect(report(facts())).toMatchObject({
      tone: 'good',
      headline: 'Everything that arrived is accounted for and valid; 1 file was refused as a whole.',
    });
  });

  it.each([
    ['a batch is being loaded', { batches: [batch(3, 'OPEN')] }, 'busy', 'Batch 3 is being loaded.'],
    [
      'a batch stopped',
      { batches: [batch(3, 'OPEN', { lastError: 'driver lost' })] },
      'bad',
      'Batch 3 stopped and is still open: driver lost',
    ],
    ['the last batch failed', { batches: [batch(3, 'DONE', { state: 'FAILED' })] }, 'bad', 'ended FAILED'],
    [
      'a validation found something',
      { batches: [batch(3, 'DONE', { validation: [{ name: 'keys', violations: 2 }] })] },
      'bad',
      'Batch 3 left 2 violations',
    ],
    ['a file failed', { files: [fileItem('f', 'FAILED')] }, 'bad', '1 file is not loaded'],
    ['a file waits', { files: [fileItem('f', 'PENDING')] }, 'busy', '1 file waits for a batch'],
    ['there is nothing', { batches: [], files: [] }, 'busy', 'Nothing has been loaded yet.'],
  ])('says so when %s', (_, more, tone, headline) => {
    const { tone: found, headline: said } = report(facts(more));
    expect([found, said]).toEqual([tone, expect.stringContaining(headline)]);
  });

  it('adds up the rows of the loaded files and tells those that nobody accounts for', () => {
    const usual = facts();
    expect(report(usual)).toMatchObject({ unaccounted: 0, waitingRows: 4 });
    expect(report(usual).rows).toEqual([
      {
        dataset: 'orders',
        files: 2,
        rows: {
          ...{ read: 1244, inserted: 1237, updated: 2, unchanged: 0, superseded: 0, duplicate: 0 },
          ...{ rejected: 3, orphaned: 2 },
        },
      },
    ]);
    const lost = usual.files.map((file) =>
      file.rows ? { ...file, rows: { ...file.rows, inserted: 0 } } : file,
    );
    expect(report(facts({ files: lost })).unaccounted).toBe(1237);
  });

  it('counts the rejects of a rule by dataset and by batch, a batch without any as zero', () => {
    expect(report(facts()).rejects).toEqual([
      {
        ...{ rule: 'NULL_KEY', meaning: 'The primary key or a foreign key is empty.', lines: 3 },
        byDataset: new Map([
          ['orders', 2],
          ['order_items', 1],
        ]),
        byBatch: [1, 2],
      },
      expect.objectContaining({ rule: 'SCALE', lines: 1, byBatch: [0, 1] }),
    ]);
  });

  it('has of each table rows, files, bytes and partitions from its log', () => {
    const [orders, other] = report(facts()).tables;
    expect(orders).toMatchObject({ name: 'orders', version: 1, rows: 17, files: 2, bytes: 2_501_500 });
    expect(orders?.partitions).toEqual([
      { name: 'date=2025-05-01', files: 1, bytes: 1_500, rows: 8 },
      { name: 'date=2025-05-02', files: 1, bytes: 2_500_000, rows: 9 },
    ]);
    expect(other).toMatchObject({ version: null, rows: null, files: 0, bytes: 0, partitions: [] });
  });

  it('does not guess the rows of a table whose writer kept no counts', () => {
    const [orders] = facts().tables;
    const files = orders!.snapshot!.files.map((file) => ({ ...file, rows: null }));
    const uncounted = { ...orders!, snapshot: { version: 1, files, removed: new Map<string, number>() } };
    expect(report(facts({ tables: [uncounted] })).tables[0]?.rows).toBeNull();
  });

  it('follows each batch from its files to the versions of the tables', () => {
    expect(report(facts()).lineage).toMatchObject([
      {
        ...{ batch: 1, dataset: 'orders', jobRunId: 'jr_1', files: ['raw/orders/day-1.csv'] },
        tables: [
          { name: 'orders', before: null, after: 1 },
          { name: 'orders_rejects', before: null, after: 1 },
        ],
      },
      {
        batch: 2,
        tables: [
          { name: 'orders', before: 1, after: 2 },
          { name: 'orders_rejects', before: 1, after: 1 },
        ],
      },
    ]);
  });
});
