import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BurstFiles, writeBurst } from '../../../bench/cloud/burstFiles';
import { renderCloud } from '../../../bench/cloud/page';
import { type CloudResult, parseCloudResult } from '../../../bench/cloud/results';
import { datasetNames } from '../../../src/contract/contracts';

const run: CloudResult = {
  date: '2026-01-02',
  machine: { processor: 'a processor', cores: 2, loadBefore: 0.5, loadAfter: 2 },
  repetitions: 3,
  largeObject: {
    bytes: 2 ** 30,
    folderSeconds: 20,
    cloudSeconds: 24,
    megabytes: { idle: 110, upload: 900, read: 250 },
  },
  burst: {
    ...{ files: 10_000, lines: 99_000, uploadSeconds: 50, seconds: 1_000, largestPayload: 2_048 },
    batchSeconds: [100, 200],
    megabytes: { idle: 130, uploaded: 150, settled: 160, peak: 170 },
  },
};

describe('a run of the local cloud on the page', () => {
  const page = renderCloud(run);

  it('gives the ratio to a folder and what the server held', () => {
    expect(page).toContain('**A file of 1.0 GiB**');
    expect(page).toMatch(
      /\| the local cloud \| 24 +\| 1\.20 +\| 110 before, 900 at most while it came, 250 while it was read \|/u,
    );
  });

  it('gives files a second, batches, the largest payload beside the limit, and memory', () => {
    expect(page).toContain('**A burst of 10,000 files** of ten lines, 99,000 lines in all');
    expect(page).toContain('1000 s: 10 files a second');
    expect(page).toContain('2, the longest 200 s');
    expect(page).toContain('2.0 KiB of 256 KiB');
    expect(page).toContain('130 before, 150 uploaded, 160 settled, 170 at most');
  });
});

describe('the record of the local cloud', () => {
  it('is what the page shows', () => {
    const docs = join(__dirname, '..', '..', '..', 'docs');
    const record = parseCloudResult(readFileSync(join(docs, 'performance-cloud.json'), 'utf8'));
    expect(readFileSync(join(docs, 'performance.md'), 'utf8')).toContain(`\n\n${renderCloud(record)}\n\n`);
  });

  it('is read as it was written, and anything else is refused', () => {
    expect(parseCloudResult(JSON.stringify(run))).toEqual(run);
    expect(() => parseCloudResult('{}')).toThrow(/no record of the benchmark/);
  });
});

describe('the files of a burst', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-burst-'));
  let burst: BurstFiles;
  beforeAll(async () => {
    burst = await writeBurst(dir, 300);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('are about as many as asked for, of ten lines at most under the header of their dataset', () => {
    expect(Math.abs(burst.files - 300)).toBeLessThan(100);
    let lines = 0;
    for (const dataset of datasetNames) {
      const texts = readdirSync(join(burst.folder, dataset)).map((name) =>
        readFileSync(join(burst.folder, dataset, name), 'utf8')
          .trimEnd()
          .split('\n'),
      );
      expect(new Set(texts.map(([header]) => header)).size).toBe(1);
      for (const [, ...rows] of texts) {
        expect(rows.length).toBeGreaterThan(0);
        expect(rows.length).toBeLessThanOrEqual(10);
        lines += rows.length;
      }
    }
    expect(lines).toBe(burst.lines);
  });
});
