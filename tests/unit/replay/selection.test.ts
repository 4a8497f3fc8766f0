import { expect, test } from '@jest/globals';
import type { FileItem } from '../../../src/ledger/items';
import { selectionOfFile, selects } from '../../../src/replay/selection';

const ID = 'a'.repeat(32);
const file = (change: Partial<FileItem>): FileItem => ({
  ...{
    pk: `file#${ID}`,
    sk: 'file',
    fileId: ID,
    dataset: 'orders',
    key: 'raw/orders/a.csv',
    versionId: 'v1',
  },
  ...{ sequence: '1', lastModified: '2025-04-20T12:00:00.000Z', size: 1, etag: '', state: 'ARCHIVED' },
  registeredAt: '2025-04-20T12:00:00.000Z',
  ...change,
});

test('a name is a key with or without raw/, and perhaps one version of it', () => {
  expect(selectionOfFile('orders/a.csv')).toEqual({ by: 'file', key: 'raw/orders/a.csv' });
  expect(selectionOfFile('raw/orders/a.csv')).toEqual({ by: 'file', key: 'raw/orders/a.csv' });
  expect(selectionOfFile(`orders/a@b.csv@${ID}`)).toEqual({
    by: 'file',
    key: 'raw/orders/a@b.csv',
    fileId: ID,
  });
  for (const other of [ID.slice(1), `${ID}0`]) {
    expect(selectionOfFile(`orders/a.csv@${other}`)).toEqual({
      by: 'file',
      key: `raw/orders/a.csv@${other}`,
    });
  }
});

test('a file is meant by key, and by version where one is named', () => {
  const byKey = { by: 'file', key: 'raw/orders/a.csv' } as const;
  expect(selects(byKey, file({}))).toBe(true);
  expect(selects(byKey, file({ key: 'raw/orders/b.csv' }))).toBe(false);
  expect(selects({ ...byKey, fileId: ID }, file({}))).toBe(true);
  expect(selects({ ...byKey, fileId: 'b'.repeat(32) }, file({}))).toBe(false);
});

test('a file is meant by the batch that took it last', () => {
  expect(selects({ by: 'batch', number: 3 }, file({ batch: 3 }))).toBe(true);
  expect(selects({ by: 'batch', number: 3 }, file({}))).toBe(false);
});

test.each([
  ['FAILED', true],
  ['WITHDRAWN', true],
  ['ARCHIVED', false],
  ['REJECTED', false],
  ['PENDING', false],
] as const)('of the files that did not load, %s: %s', (state, isMeant) => {
  expect(selects({ by: 'failure' }, file({ state }))).toBe(isMeant);
});

test('a span of arrivals holds its beginning and not its end; an end that is absent is open', () => {
  const at = new Date('2025-04-20T12:00:00.000Z');
  const later = new Date(at.getTime() + 1);
  expect(selects({ by: 'arrival', from: at, to: later }, file({}))).toBe(true);
  expect(selects({ by: 'arrival', from: later }, file({}))).toBe(false);
  expect(selects({ by: 'arrival', to: at }, file({}))).toBe(false);
  expect(selects({ by: 'arrival' }, file({}))).toBe(true);
});
