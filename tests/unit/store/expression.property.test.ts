import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expressions } from '../../../src/store/expression';
import type { Condition, Write } from '../../../src/store/store';

const attribute = fc.stringMatching(/^[a-z][A-Za-z]{0,6}$/);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ attribute, is: fc.constant('absent' as const) }),
  fc.record({ attribute, is: fc.constant('equal' as const), to: fc.oneof(fc.string(), fc.integer()) }),
  fc.record({ attribute, is: fc.constant('equalToAttribute' as const), other: attribute }),
);
const key = { pk: 'p', sk: 's' };
const update: fc.Arbitrary<Write> = fc.record({
  kind: fc.constant('update' as const),
  key: fc.constant(key),
  set: fc.dictionary(attribute, fc.integer(), { maxKeys: 4 }),
  add: fc.dictionary(attribute, fc.integer(), { maxKeys: 4 }),
  remove: fc.uniqueArray(attribute, { maxLength: 4 }),
  when: fc.array(condition, { maxLength: 4 }),
});

test('every placeholder that is used is defined, and every one that is defined is used', () => {
  fc.assert(
    fc.property(update, (write) => {
      const { UpdateExpression = '', ConditionExpression = '', ...placeholders } = expressions(write);
      const text = `${UpdateExpression} ${ConditionExpression}`;
      const used = (pattern: RegExp): string[] => [...new Set(text.match(pattern) ?? [])].sort();
      expect(used(/#\w+/g)).toEqual(Object.keys(placeholders.ExpressionAttributeNames ?? {}).sort());
      expect(used(/:v\d+/g)).toEqual(Object.keys(placeholders.ExpressionAttributeValues ?? {}).sort());
    }),
  );
});

test('what is set and added can be read back from the placeholders', () => {
  fc.assert(
    fc.property(update, (write) => {
      if (write.kind !== 'update') return;
      const { UpdateExpression = '', ExpressionAttributeNames: names = {}, ...rest } = expressions(write);
      const values = rest.ExpressionAttributeValues ?? {};
      const pairs = (pattern: RegExp): [string | undefined, unknown][] =>
        [...UpdateExpression.matchAll(pattern)].map(([, name = '', value = '']) => [
          names[name],
          values[value],
        ]);
      expect(pairs(/(#\w+) = (:v\d+)/g)).toEqual(Object.entries(write.set ?? {}));
      expect(pairs(/(#\w+) (:v\d+)/g)).toEqual(Object.entries(write.add ?? {}));
      const removed = /REMOVE (.*)$/.exec(UpdateExpression)?.[1]?.split(', ') ?? [];
      expect(removed.map((name) => names[name])).toEqual(write.remove);
    }),
  );
});
