import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arrivalsOf } from '../../../src/arrival/versions';
import { keys } from '../../../src/ledger/items';
import { sequenceOf } from '../../../src/ledger/registration';
import { MemoryStore } from '../fakes/memoryStore';

const arrival = fc.record({
  lastModified: fc.integer({ min: 0, max: 4e12 }).map((moment) => new Date(moment)),
  order: fc.nat(999_999),
  // also beyond the basic plane, where UTF-16 and UTF-8 sort differently
  key: fc.string({ unit: 'binary', maxLength: 12 }).map((name) => `raw/orders/${name}`),
});

const bytes = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

test('sequences sort by moment, then order, then key, byte by byte', () => {
  fc.assert(
    fc.property(arrival, arrival, (a, b) => {
      const expected =
        Math.sign(a.lastModified.getTime() - b.lastModified.getTime()) ||
        Math.sign(a.order - b.order) ||
        bytes(a.key, b.key);
      expect(bytes(sequenceOf(a), sequenceOf(b))).toBe(expected);
    }),
  );
});

test('the pending files come in the order of their sequences', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(arrival, { maxLength: 12, selector: sequenceOf }), async (arrivals) => {
      const store = new MemoryStore();
      for (const [index, each] of arrivals.entries())
        await store.commit([{ kind: 'put', key: keys.pending(sequenceOf(each), `${index}`), item: {} }]);
      const sorted: unknown[] = [];
      for await (const { sk } of store.query('pending')) sorted.push(sk);
      const expected = arrivals.map((each, index) => `${sequenceOf(each)}#${index}`).toSorted(bytes);
      expect(sorted).toEqual(expected);
    }),
  );
});

test('versions of one key get sequences in the order in which they were put', () => {
  const seconds = fc.array(fc.nat(3), { maxLength: 10 }).map((gaps) => {
    let second = 1_745_150_400;
    return gaps.map((gap) => (second += gap > 1 ? 1 : 0));
  });
  fc.assert(
    fc.property(seconds, (moments) => {
      const newestFirst = moments
        .map((second, index) => ({
          ...{ key: 'raw/orders/a.csv', versionId: `v${index}`, size: 1, etag: '', isLatest: false },
          lastModified: new Date(second * 1000),
        }))
        .toReversed();
      const arrivals = arrivalsOf('landing', newestFirst);
      expect(arrivals.map(({ versionId }) => versionId)).toEqual(moments.map((_, index) => `v${index}`));
      const sequences = arrivals.map(sequenceOf);
      expect(sequences).toEqual(sequences.toSorted());
      expect(new Set(sequences).size).toBe(moments.length);
    }),
  );
});
