import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DataFile } from '../../../src/delta/snapshot';
import fileSizes from '../../../schemas/tables/files.json';
import { bytesOf, partitionsToCompact } from '../../../src/maintenance/need';

const TARGET = 1_000;
const SMALL = 500;

const isSmall = ({ bytes }: { readonly bytes: number }): boolean => bytes < SMALL;

const files = fc.array(
  fc.record({
    bytes: fc.integer({ min: 0, max: 2 * TARGET }),
    day: fc.constantFrom('2025-04-01', '2025-04-02', null),
  }),
  { maxLength: 60 },
);

const dataFiles = (found: readonly { bytes: number; day: string | null }[]): DataFile[] =>
  found.map(({ bytes, day }, index) => ({
    ...{ path: `part-${index}`, bytes, rows: null },
    partition: { date: day },
  }));

const thresholds = fc.record({
  minFiles: fc.integer({ min: 2, max: 8 }),
  targetFileBytes: fc.constant(TARGET),
  smallBytes: fc.constant(SMALL),
});

describe('the choice of partitions', () => {
  test('takes exactly those with enough small files, those with most of them first', () => {
    fc.assert(
      fc.property(files, thresholds, (found, limits) => {
        const all = dataFiles(found);
        const chosen = partitionsToCompact(all, limits, true);
        const small = (day: string | null): number =>
          all.filter((file) => file.partition['date'] === day && isSmall(file)).length;
        const days = [...new Set(found.map(({ day }) => day))];
        expect(new Set(chosen.map(({ values }) => values['date']))).toEqual(
          new Set(days.filter((day) => small(day) >= limits.minFiles)),
        );
        expect(chosen.map((partition) => partition.files)).toEqual(
          chosen.map(({ values }) => small(values['date'] ?? null)).sort((a, b) => b - a),
        );
      }),
    );
  });

  test('does not hang on the order of the files', () => {
    fc.assert(
      fc.property(files, thresholds, (found, limits) => {
        const all = dataFiles(found);
        expect(partitionsToCompact(all.toReversed(), limits, true)).toEqual(
          partitionsToCompact(all, limits, true),
        );
      }),
    );
  });

  test('orders rows only where several files hold them, and for twice the bytes of the small ones at most', () => {
    fc.assert(
      fc.property(files, thresholds, fc.boolean(), (found, limits, keyed) => {
        const all = dataFiles(found);
        for (const { values, bytes, zOrder } of partitionsToCompact(all, limits, keyed)) {
          const inside = all.filter((file) => file.partition['date'] === values['date']);
          const small = bytesOf(inside.filter((file) => isSmall(file)));
          expect(bytes).toBe(bytesOf(inside));
          expect(zOrder).toBe(keyed && bytes > TARGET && bytes <= 2 * small);
        }
      }),
    );
  });

  test('finds nothing to do where it has been done: of small files one is left at most', () => {
    // as Delta packs: ascending, a new file where the next one would make it too large
    const packed = (sizes: readonly number[]): number[] => {
      const bins: number[] = [];
      for (const bytes of sizes.toSorted((a, b) => a - b)) {
        const last = bins.at(-1);
        if (last === undefined || last + bytes > TARGET) bins.push(bytes);
        else bins[bins.length - 1] = last + bytes;
      }
      return bins;
    };
    fc.assert(
      fc.property(files, thresholds, (found, limits) => {
        const days = [...new Set(found.map(({ day }) => day))];
        const after = days.flatMap((day) => {
          const sizes = found.filter((file) => file.day === day).map(({ bytes }) => bytes);
          const small = sizes.filter((bytes) => isSmall({ bytes }));
          return [...sizes.filter((bytes) => !isSmall({ bytes })), ...packed(small)].map((bytes) => {
            return { bytes, day };
          });
        });
        expect(partitionsToCompact(dataFiles(after), limits, true)).toEqual([]);
      }),
    );
  });

  test('calls a file small of which two fit into one that compaction writes', () => {
    expect(2 * fileSizes.smallBytes).toBeLessThanOrEqual(fileSizes.targetFileBytes);
  });
});
