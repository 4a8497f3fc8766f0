import { expect, test } from '@jest/globals';
import { destinationKey, reasonsKey } from '../../../src/archive/destination';
import { datasetOf, isTooLong, MAX_KEY_BYTES, UNKNOWN_DATASET } from '../../../src/arrival/versions';
import { datasetNames, isDatasetName } from '../../../src/contract/contracts';

const MOST_OF_S3 = 1024;

test.each(['raw/', ...datasetNames.map((name) => `raw/${name}/`)])(
  'the longest key below %s still has a key for its copy and for the reasons beside it',
  (folder) => {
    const key = folder + 'ä'.repeat((MAX_KEY_BYTES - folder.length) / 2);
    const dataset = datasetOf(key);
    const file = { fileId: 'f'.repeat(32), key, dataset: isDatasetName(dataset) ? dataset : null };
    expect(isTooLong(key)).toBe(false);
    expect(dataset).toBe(folder === 'raw/' ? UNKNOWN_DATASET : folder.split('/')[1]);
    for (const kind of ['archived', 'rejected'] as const) {
      const copy = reasonsKey(destinationKey(kind, file, 999_999_999));
      expect(Buffer.byteLength(copy)).toBeLessThanOrEqual(MOST_OF_S3);
    }
  },
);

test('a file is kept by kind, dataset and batch, under its id and the last part of its key', () => {
  const file = { fileId: 'f1', key: 'raw/orders/2025/a b.csv', dataset: 'orders' } as const;
  expect(destinationKey('archived', file, 12)).toBe('archived/orders/batch=12/f1-a b.csv');
  expect(destinationKey('rejected', { ...file, dataset: null }, 1)).toBe(
    'rejected/unknown/batch=1/f1-a b.csv',
  );
  expect(destinationKey('archived', { ...file, key: 'a.csv' }, 1)).toBe('archived/orders/batch=1/f1-a.csv');
  expect(reasonsKey('rejected/x.csv')).toBe('rejected/x.csv.reasons.json');
});
