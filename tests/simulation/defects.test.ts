import { expect, test } from '@jest/globals';
import { firstFailure } from './campaign';
import { DEFECTS } from './defects';

const HISTORIES = 3_000;
const LIMIT_MS = 600_000;

test.each(Object.entries(DEFECTS))(
  'the simulation notices when %s',
  async (_, defect) => {
    expect(await firstFailure({ histories: HISTORIES, seed: 1, defect })).toBeDefined();
  },
  LIMIT_MS,
);
