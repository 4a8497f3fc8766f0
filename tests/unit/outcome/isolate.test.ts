import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isolate } from '../../../src/outcome/isolate';

const failed = {
  batch: 7,
  fileIds: ['a', 'b', 'c'],
  group: undefined,
  error: 'RowsUnaccounted',
  otherHalf: undefined,
};

test('the first failure makes two groups of the batch, the older half first', () => {
  expect(isolate(failed)).toEqual({
    failed: [],
    waiting: new Map([
      ['a', '7.0'],
      ['b', '7.0'],
      ['c', '7.1'],
    ]),
    backOff: false,
  });
});

test('a group that fails makes two of itself, whichever batch it is in', () => {
  const { waiting } = isolate({ ...failed, batch: 9, fileIds: ['a', 'b'], group: '7.0', otherHalf: 'Other' });
  expect([...waiting]).toEqual([
    ['a', '7.00'],
    ['b', '7.01'],
  ]);
});

test('a file that fails alone is the one', () => {
  expect(isolate({ ...failed, fileIds: ['a'], group: '7.01' })).toEqual({
    ...{ failed: ['a'], waiting: new Map(), backOff: false },
  });
});

test('two halves that fail alike wait as one, for later', () => {
  const together = new Map(failed.fileIds.map((fileId) => [fileId, undefined]));
  expect(isolate({ ...failed, group: '7.1', otherHalf: 'RowsUnaccounted' })).toEqual({
    ...{ failed: [], waiting: together, backOff: true },
  });
});

const errors = JSON.parse(readFileSync(join(__dirname, '../../../schemas/errors.json'), 'utf8')) as {
  name: string;
  family: string;
}[];
// the only terminal errors that what is in a file, or an event, can cause
const ofFiles = new Set(['RowsUnaccounted', 'InvalidEvent']);

test.each(errors.filter(({ name, family }) => family === 'terminal' && !ofFiles.has(name)))(
  '$name is no fault of the files: they wait as one, even one alone',
  ({ name }) => {
    const one = { ...failed, fileIds: ['a'], error: name };
    expect(isolate(one)).toEqual({ failed: [], waiting: new Map([['a', undefined]]), backOff: true });
    expect(isolate({ ...one, fileIds: [] })).toEqual({ failed: [], waiting: new Map(), backOff: false });
  },
);
