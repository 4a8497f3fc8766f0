/**
 * A type is never narrower than the values: random expressions are evaluated by the reference library on random values
 * of the type they were typed with. What fails to evaluate has no value, so nothing can be wrong about it.
 */
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe as inWords } from '../src/types/describe';
import { isSubtype } from '../src/types/compare';
import { join, widen } from '../src/types/join';
import { expressions, schemas, valuesOf } from './arbitraries';
import { evaluated, inferred, typeOf } from './evaluated';
import { fits } from './fits';

const schemaAndValue = schemas.chain((schema) => fc.tuple(fc.constant(schema), valuesOf(schema)));

function parses(text: string): boolean {
  try {
    jsonata(text);
    return true;
  } catch {
    return false;
  }
}

const RUNS = Number(process.env['ASL_TYPING_RUNS'] ?? 1500);
/** Ten times what one takes on two cores. */
const MS_EACH = 20;

describe('soundness', () => {
  it(
    'types every value that an expression gives',
    async () => {
      const seen = { known: 0, evaluated: 0 };
      await fc.assert(
        fc.asyncProperty(schemaAndValue, expressions.filter(parses), async ([schema, input], text) => {
          const type = inferred(text, typeOf(schema));
          const outcome = await evaluated(text, input);
          if (outcome === 'fails') return;
          seen.evaluated += 1;
          if (!type.unknown) seen.known += 1;
          const told = `${text} of ${JSON.stringify(input)} is ${inspect(outcome.value)}, typed ${inWords(type, 9)}`;
          expect([told, fits(outcome.value, type)]).toEqual([told, true]);
        }),
        { numRuns: RUNS },
      );
      // a type that is always unknown would be sound too
      expect(seen.evaluated).toBeGreaterThan(500);
      expect(seen.known / seen.evaluated).toBeGreaterThan(0.5);
    },
    Math.max(120_000, RUNS * MS_EACH),
  );

  it('admits the values of a schema', () => {
    fc.assert(
      fc.property(schemaAndValue, ([schema, value]) => fits(value, typeOf(schema))),
      { numRuns: 1000 },
    );
  });

  it('joins and widens to types that hold both', () => {
    fc.assert(
      fc.property(schemaAndValue, schemas, ([schema, value], other) => {
        const [one, two] = [typeOf(schema), typeOf(other)];
        expect(fits(value, join([one, two]))).toBe(true);
        expect(fits(value, widen(one, two))).toBe(true);
        expect(fits(value, widen(two, one))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes one type for a part of another only if its values are', () => {
    fc.assert(
      fc.property(schemaAndValue, schemas, ([schema, value], other) => {
        fc.pre(isSubtype(typeOf(schema), typeOf(other)));
        expect(fits(value, typeOf(other))).toBe(true);
      }),
      { numRuns: 500, maxSkipsPerRun: 100 },
    );
  });
});
