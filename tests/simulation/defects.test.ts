import { expect, test } from '@jest/globals';
import { type Campaign, firstFailure } from './campaign';
import { DEFECTS } from './defects';
import { LOADS_ALONE } from './simulate';

const HISTORIES = 3_000;
/** Rare ones: where the search begins, near a history that shows them. */
const RARE: Readonly<Record<string, Partial<Campaign>>> = {
  'nothing asks who holds the lease': { seed: 1100 },
  'missed orphans are forgotten': { seed: 11_100, features: LOADS_ALONE },
  'each attempt looks for parents anew': { seed: 202_100, features: LOADS_ALONE },
  'rows that were withdrawn alone are not held back': {
    ...{ seed: 3_100, features: { ...LOADS_ALONE, judged: true } },
  },
  'a dead letter is removed before it is sent': { seed: 8_200 },
  'a rollback keeps confirmations': { features: { ...LOADS_ALONE, rollbacks: true } },
  'the lease is released though a request waits': { features: { ...LOADS_ALONE, rollbacks: true } },
};
const LIMIT_MS = 600_000;

test.each(Object.entries(DEFECTS))(
  'the simulation notices when %s',
  async (name, defect) => {
    expect(await firstFailure({ histories: HISTORIES, seed: 1, defect, ...RARE[name] })).toBeDefined();
  },
  LIMIT_MS,
);
