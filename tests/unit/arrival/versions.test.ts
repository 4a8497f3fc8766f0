import { expect, test } from '@jest/globals';
import { arrivalsOf, datasetOf, fileIdOf, isFolderMarker, isTooLong } from '../../../src/arrival/versions';

test('a version has one identity: bucket, key and version, and none runs into the next', () => {
  expect(fileIdOf('b', 'k', 'v')).toBe('43c8881cbc68e8d8a898b3f59c3234a4');
  expect(fileIdOf('b', 'kv', '')).not.toBe(fileIdOf('b', 'k', 'v'));
});

test('folder markers are empty and end with a slash', () => {
  expect(isFolderMarker({ key: 'raw/orders/', size: 0 })).toBe(true);
  expect(isFolderMarker({ key: 'raw/orders/', size: 1 })).toBe(false);
  expect(isFolderMarker({ key: 'raw/orders', size: 0 })).toBe(false);
  const marker = {
    ...{ key: 'raw/orders/', versionId: 'v1', lastModified: new Date(0), size: 0, etag: '', isLatest: true },
  };
  expect(arrivalsOf('landing', [marker])).toEqual([]);
});

test('what is too long is counted in bytes', () => {
  const limit = [...Array(2000).keys()].find((length) => isTooLong(`raw/orders/${'x'.repeat(length)}.csv`))!;
  expect(isTooLong(`raw/orders/${'ü'.repeat(Math.ceil(limit / 2))}.csv`)).toBe(true);
  expect(isTooLong(`raw/orders/${'ü'.repeat(Math.floor(limit / 2) - 1)}.csv`)).toBe(false);
});

test.each([
  ['raw/orders/a.csv', 'orders'],
  ['raw/orders/2025/a.csv', 'orders'],
  ['raw/orders', 'unknown'],
  ['raw/nowhere/a.csv', 'unknown'],
  ['raw', 'unknown'],
])('%s lies in the folder of %s', (key, dataset) => {
  expect(datasetOf(key)).toBe(dataset);
});
