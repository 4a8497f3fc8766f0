import { expect, test } from '@jest/globals';
import { firstFailure } from './campaign';
import { DEFECTS } from './defects';

const HISTORIES = 3_000;
/** Rare ones: where the search begins, near a history that shows them. */
const FROM: Readonly<Record<string, number>> = {
  'nothing asks who holds the lease': 1100,
  'missed orphans are forgotten': 11_100,
  'each attempt looks for parents anew': 202_000,
};
const LIMIT_MS = 600_000;

test.each(Object.entries(DEFECTS))(
  'the simulation notices when %s',
  async (name, defect) => {
    expect(await firstFailure({ histories: HISTORIES, seed: FROM[name] ?? 1, defect })).toBeDefined();
  },
  LIMIT_MS,
);
