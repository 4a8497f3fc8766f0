import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { datasetOf, isFolderMarker, isTooLong, UNKNOWN_DATASET } from '../../../src/arrival/versions';
import { contracts, isDatasetName } from '../../../src/contract/contracts';
import { termsOf } from '../../../src/contract/terms';
import { judgeFile } from '../../../src/verdict/judgeFile';
import { type CorpusEntry, filesDir, readCorpus, reasonText } from '../../corpus/corpus';

const corpus = readCorpus();
const files = corpus.filter(({ ignored }) => ignored === undefined);

/** The verdict of the function checkHeaders on the entry's bytes under its key. */
function judge({ key, bytes }: CorpusEntry) {
  const dataset = datasetOf(key);
  const terms = Object.entries(contracts).map(
    ([name, contract]) => [name, termsOf(contract, 'local')] as const,
  );
  const file = {
    ...{ fileId: 'f', key, size: bytes.length, processingKey: 'processing/f.csv' },
    dataset: isDatasetName(dataset) ? dataset : null,
  };
  const objects = {
    read: (_: unknown, limit?: number) => Promise.resolve(bytes.subarray(0, limit)),
  };
  return judgeFile(objects, { landingBucket: 'b', contracts: Object.fromEntries(terms) }, file);
}

/** The columns that the table names, or those of the contract. */
function columnsOf({ key, accepted }: CorpusEntry): readonly string[] {
  const dataset = datasetOf(key);
  if (accepted !== true) return accepted ?? [];
  return isDatasetName(dataset) ? Object.keys(contracts[dataset].properties) : [];
}

describe('the header check on the files of the corpus', () => {
  test.each(files.filter(({ accepted }) => accepted).map((entry) => [entry.key, entry] as const))(
    '%j is accepted with its columns',
    async (_, entry) => {
      expect(await judge(entry)).toEqual({
        ...{ fileId: 'f', accepted: true, columns: columnsOf(entry), reasons: [] },
      });
    },
  );

  test.each(files.filter(({ rejected }) => rejected).map((entry) => [entry.key, entry] as const))(
    '%j is rejected with every reason and the way to mend it',
    async (_, entry) => {
      const { accepted, reasons } = await judge(entry);
      expect(accepted).toBe(false);
      expect(reasons.map(reasonText)).toEqual(entry.rejected);
      expect(reasons.map(({ message }) => message).join('\n')).toContain(entry.mend);
    },
  );
});

describe('the table of the corpus', () => {
  test('has at least 60 files, each once, and every committed file', () => {
    const named = corpus.flatMap(({ file }) => file ?? []);
    const committed = readdirSync(filesDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(corpus.length).toBeGreaterThanOrEqual(60);
    expect(new Set(named).size).toBe(committed.length);
    expect(named).toHaveLength(committed.length);
    expect(new Set(corpus.map(({ key }) => key)).size).toBe(corpus.length);
  });

  test('accounts for every row that is read', () => {
    for (const { key, rows, rejects } of corpus) {
      const { read = 0, ...fates } = rows ?? {};
      expect([key, Object.values(fates).reduce((sum, count) => sum + count, 0)]).toEqual([key, read]);
      expect([key, Object.keys(rejects ?? {}).length]).toEqual([key, rows?.rejected ?? 0]);
    }
  });

  test('names keys that the ledger can hold, the longest of them as long as it can be', () => {
    expect(corpus.filter(({ key }) => isTooLong(key))).toEqual([]);
    expect(corpus.some(({ key }) => isTooLong(`${key}x`))).toBe(true);
  });

  test('has a file of no dataset and an object that is no file', () => {
    expect(corpus.some(({ key }) => datasetOf(key) === UNKNOWN_DATASET)).toBe(true);
    const noFiles = corpus.filter(({ ignored }) => ignored);
    expect(noFiles.map(({ key, bytes }) => isFolderMarker({ key, size: bytes.length }))).toEqual([true]);
  });
});
