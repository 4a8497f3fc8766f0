import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contracts, datasetNames } from '../../../src/contract/contracts';
import { parseContract } from '../../../src/contract/contract';
import { digestOf, ensureKey, readKey } from '../../../src/erasure/digest';
import { planErasure } from '../../../src/erasure/plan';
import { ERASED, scrub, scrubText } from '../../../src/erasure/scrub';
import { MemoryObjects } from '../fakes/memoryObjects';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');

describe('the digest of a person', () => {
  test('is the HMAC-SHA256 of the id, as the jobs compute it', () => {
    expect(digestOf('Zoë', KEY)).toBe(createHmac('sha256', KEY).update('Zoë').digest('hex'));
  });

  test('has one key for ever: the first erasure makes it, and the next finds it', async () => {
    const objects = new MemoryObjects(() => new Date());
    const key = await ensureKey(objects, 'artefacts');
    expect(key.length).toBe(64);
    expect(await ensureKey(objects, 'artefacts')).toEqual(key);
  });

  test('is nothing without its key, which is named when it is gone', async () => {
    const objects = new MemoryObjects(() => new Date());
    await expect(readKey(objects, { bucket: 'artefacts', key: 'keys/erasure' })).rejects.toThrow(
      /s3:\/\/artefacts\/keys\/erasure is gone/,
    );
  });
});

describe('the plan of an erasure', () => {
  const { datasets } = planErasure('d', 's3://a/k');

  test('has every dataset about people and every one that refers to it, children before parents', () => {
    expect(datasets.map(({ dataset }) => dataset)).toEqual(['order_items', 'orders']);
    expect(datasets.map(({ children }) => children)).toEqual([[], ['order_items']]);
    const about = datasetNames.filter((name) => Object.hasOwn(contracts[name], 'x-subject'));
    expect(datasets.map(({ dataset }) => dataset)).toEqual(expect.arrayContaining(about));
  });

  test('has every file that is kept searched once: a rejected one may be of any dataset', () => {
    const folders = datasets.flatMap((part) => part.folders);
    expect(folders.sort()).toEqual(['archived/order_items/', 'archived/orders/', 'rejected/']);
  });
});

test('a contract whose person is not classified is refused: the log of the table would hold values', () => {
  const draft = structuredClone<Record<string, unknown>>({ ...contracts.orders, 'x-subject': 'order_id' });
  expect(() => parseContract('orders', draft)).toThrow(/x-subject order_id must be classified pii/);
});

describe('what documents quote', () => {
  test('is scrubbed of the person in every text, and of nobody else', () => {
    const value = { reasons: [{ message: 'found "u7", expected u77 and x-u7', n: 7 }], at: null, ok: true };
    expect(scrub(value, digestOf('u7', KEY), KEY)).toEqual({
      reasons: [{ message: `found "${ERASED}", expected u77 and x-u7`, n: 7 }],
      at: null,
      ok: true,
    });
  });

  test('does not hold the person as a word of its own any more, whatever stands around', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,6}$/);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 6 }),
        word,
        fc.constantFrom(' ', ',', '";"', '|'),
        (words, id, by) => {
          const text = [...words, id].join(by);
          const scrubbed = scrubText(text, digestOf(id, KEY), KEY).split(by);
          expect(scrubbed).toEqual([...words, id].map((found) => (found === id ? ERASED : found)));
        },
      ),
    );
  });

  test.each(['Zoë Doe', 'the "one"', 'a.b (c)', 'back\\slash', "o'neil"])(
    'does not hold %s, which is more than a word, as a name, a quoted name or a piece of a line',
    (id) => {
      const value = {
        column: id,
        message: `The name ${JSON.stringify(id)} is no column`,
        line: `1, ${id} ,2`,
      };
      expect(scrub(value, digestOf(id, KEY), KEY)).toEqual({
        column: ERASED,
        message: `The name "${ERASED}" is no column`,
        line: `1, ${ERASED} ,2`,
      });
    },
  );
});
