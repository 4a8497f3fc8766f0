import { expect, test } from '@jest/globals';
import { contracts, tables } from '../../../src/contract/contracts';
import { dataDictionary } from '../../../src/generate/dataDictionary';

test('the policies of a contract are told by stage', () => {
  const text = dataDictionary(
    {
      ...contracts,
      orders: {
        ...contracts.orders,
        'x-evolution': { default: 'additive', prod: 'strict' },
        'x-maxRejectRate': { default: null, prod: 0.05 },
      },
    },
    tables,
  );
  expect(text).toContain(
    'Schema changes: additive; prod: strict. Most rows that may be rejected: any; prod: 0.05.',
  );
});
