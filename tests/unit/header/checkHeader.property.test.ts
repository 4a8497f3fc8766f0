import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { termsOf } from '../../../src/contract/terms';
import { contracts, type DatasetName, datasetNames } from '../../../src/contract/contracts';
import { checkHeader } from '../../../src/header/checkHeader';
import { editDistance } from '../../../src/header/similarity';

const dataset = fc.constantFrom<DatasetName[]>(...datasetNames);
const columnsOf = (name: DatasetName): string[] => Object.keys(contracts[name].properties);

function check(name: DatasetName, header: string): ReturnType<typeof checkHeader> {
  const bytes = Buffer.from(header);
  return checkHeader(bytes, bytes.length, termsOf(contracts[name], 'local'));
}

test('any order of the columns is accepted as it stands', () => {
  const shuffled = dataset.chain((name) =>
    fc.record({
      name: fc.constant(name),
      order: fc.shuffledSubarray(columnsOf(name), { minLength: columnsOf(name).length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, fc.constantFrom('\n', '\r\n', '\r', ''), ({ name, order }, end) => {
      expect(check(name, order.join(',') + end)).toEqual({ accepted: true, columns: order });
    }),
  );
});

const LETTERS = Array.from('abcxyz_059');

test('any misspelling by one character is refused and the right name suggested', () => {
  const edit = fc.record({
    name: dataset,
    column: fc.nat(),
    at: fc.nat(),
    kind: fc.constantFrom('insert', 'delete', 'replace'),
    letter: fc.constantFrom(...LETTERS),
  });
  fc.assert(
    fc.property(edit, ({ name, column, at, kind, letter }) => {
      const columns = columnsOf(name);
      const original = columns[column % columns.length]!;
      const place = at % original.length;
      const rest = original.slice(kind === 'insert' ? place : place + 1);
      const misspelt = original.slice(0, place) + (kind === 'delete' ? '' : letter) + rest;
      fc.pre(misspelt !== '' && !columns.includes(misspelt));
      const verdict = check(name, columns.map((other) => (other === original ? misspelt : other)).join(','));
      const reasons = verdict.accepted ? [] : verdict.reasons;
      expect(reasons.map(({ rule, column: about }) => [rule, about])).toEqual([
        ['MISSING_COLUMN', original],
        ['UNKNOWN_COLUMN', misspelt],
      ]);
      expect(reasons[1]?.message).toContain(`did you mean ${original}?`);
    }),
  );
});

test('random bytes are judged, never thrown at', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
    fc
      .string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', ' ', '\0', '\t', 'id'), maxLength: 60 })
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, dataset, fc.nat(1000), (head, name, more) => {
      const verdict = checkHeader(head, head.length + more, termsOf(contracts[name], 'local'));
      if (!verdict.accepted) expect(verdict.reasons.length).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});

test('the edit distance is a metric that counts single edits', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      expect(editDistance(a, a.slice(1))).toBe(a === '' ? 0 : 1);
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});
