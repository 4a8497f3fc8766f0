import { expect, test } from '@jest/globals';
import { firstFailure, report, smallest } from './campaign';

/** Histories of each of the two test files: two processes play them beside each other. */
const HALF = 5_000;
const LIMIT_MS = 1_200_000;

/** Defines the test of the first or the second half of the histories. */
export function testHalf(half: 1 | 2): void {
  const seed = 1 + (half - 1) * HALF;
  test(
    `${HALF} random histories from seed ${seed} keep every promise`,
    async () => {
      const failure = await firstFailure({ histories: HALF, seed });
      expect(failure && report(await smallest(failure))).toBeUndefined();
    },
    LIMIT_MS,
  );
}
