import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '../../../src/batch/documents';
import { noRows } from '../../../src/outcome/rows';
import { type Booked, recordsBefore } from '../../../src/rollback/records';
import { fileItem } from '../cli/fakes';
import type { FileItem, Rows } from '../../../generated/types/documents/fileItem';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const FIRST = '2025-04-01T00:00:00.000Z';

type Loaded = Manifest['files'][number]['loaded'];

const rows = (counts: Partial<Rows>): Rows => ({ ...noRows, ...counts });

/** A batch that had the files, with what its manifest says of each, and moved waiting rows of others. */
function batch(own: Record<string, Loaded>, redriven: Record<string, Partial<Rows>> = {}): Booked {
  const files = Object.entries(own).map(([fileId, loaded]) => ({ fileId, loaded }));
  const moved = Object.entries(redriven).map(([fileId, counts]) => ({ fileId, rows: rows(counts) }));
  return { manifest: { files }, results: [{ redriven: moved }] } as unknown as Booked;
}

function before(undone: Booked[], ...files: FileItem[]): ReturnType<typeof recordsBefore> {
  return recordsBefore(undone, new Map(files.map((file) => [file.fileId, file])));
}

const loaded = (fileId: string, counts: Partial<Rows>) =>
  fileItem(fileId, 'ARCHIVED', { firstLoadedAt: FIRST, rows: rows(counts) });

describe('what was on record of a file before the batches that are undone', () => {
  test('is nothing when one of them was the first to load it', () => {
    expect(before([batch({ [A]: null })], loaded(A, { read: 1, inserted: 1 }))).toEqual([
      { fileId: A, firstLoadedAt: null, rows: null },
    ]);
  });

  test('is what the oldest manifest that has it says, when an earlier batch had loaded it', () => {
    const known = rows({ read: 2, inserted: 1, orphaned: 1 });
    const again = { firstAt: FIRST, rejected: 0, orphaned: 1, rows: known };
    const later = { ...again, rejected: 2, rows: rows({ read: 2, rejected: 2 }) };
    const now = loaded(A, { read: 2, unchanged: 2 });
    expect(before([batch({ [A]: again }), batch({ [A]: later })], now)).toEqual([
      { fileId: A, firstLoadedAt: FIRST, rows: known },
    ]);
  });

  test('has the waiting rows again that the batches moved', () => {
    const undone = [
      batch({}, { [B]: { inserted: 1, orphaned: -1 } }),
      batch({}, { [B]: { rejected: 1, orphaned: -1 } }),
    ];
    expect(before(undone, loaded(B, { read: 2, inserted: 1, rejected: 1 }))).toEqual([
      { fileId: B, firstLoadedAt: FIRST, rows: rows({ read: 2, orphaned: 2 }) },
    ]);
  });

  test('counts what was moved before a later batch had the file from what that one found', () => {
    const found = { firstAt: FIRST, rejected: 0, orphaned: 0, rows: rows({ read: 1, inserted: 1 }) };
    const undone = [batch({}, { [A]: { inserted: 1, orphaned: -1 } }), batch({ [A]: found })];
    expect(before(undone, loaded(A, { read: 1, unchanged: 1 }))).toEqual([
      { fileId: A, firstLoadedAt: FIRST, rows: rows({ read: 1, orphaned: 1 }) },
    ]);
  });

  test('is not known where a manifest is older than rollbacks, or the counts make no sense', () => {
    const old = { firstAt: FIRST, rejected: 0, orphaned: 0 };
    expect(before([batch({ [A]: old })], loaded(A, { read: 1, inserted: 1 }))).toEqual([
      { fileId: A, firstLoadedAt: FIRST, rows: null },
    ]);
    const moved = batch({}, { [B]: { inserted: 3, orphaned: -3 } });
    expect(before([moved], loaded(B, { read: 1, inserted: 1 }))).toEqual([
      { fileId: B, firstLoadedAt: FIRST, rows: null },
    ]);
  });
});
