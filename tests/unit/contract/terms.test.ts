import { expect, test } from '@jest/globals';
import type { Contract } from '../../../src/contract/contract';
import { contracts } from '../../../src/contract/contracts';
import { termsOf } from '../../../src/contract/terms';

const columns = Object.keys(contracts.products.properties);
const grown: Contract = {
  ...contracts.products,
  'x-evolution': { default: 'additive', prod: 'strict' },
  'x-maxRejectRate': { default: 0.05, local: null },
  properties: {
    ...contracts.products.properties,
    colour: { type: ['string', 'null'], description: 'Colour.' },
  },
};

test('a policy holds at the stage it names and its default at every other', () => {
  const at = (stage: string) => {
    const { evolution, maxRejectRate } = termsOf(grown, stage);
    return [evolution, maxRejectRate];
  };
  expect(at('prod')).toEqual(['strict', 0.05]);
  expect(at('local')).toEqual(['additive', null]);
  expect(at('a-branch')).toEqual(['additive', 0.05]);
});

test('a policy that is one word holds at every stage, and a rate that is absent is off', () => {
  expect(termsOf({ ...contracts.products, 'x-evolution': 'strict' }, 'local')).toMatchObject({
    evolution: 'strict',
    maxRejectRate: null,
  });
});

test('a header may leave a new column out where columns may be added, and nowhere else', () => {
  expect(termsOf(grown, 'local')).toMatchObject({ columns: [...columns, 'colour'], required: columns });
  expect(termsOf(grown, 'prod').required).toEqual([...columns, 'colour']);
});
