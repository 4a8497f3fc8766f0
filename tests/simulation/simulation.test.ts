import { expect, test } from '@jest/globals';
import { firstFailure, report, smallest } from './campaign';
import { simulate } from './simulate';

const HISTORIES = 5_000;
const LIMIT_MS = 1_200_000;

// two tests that can run beside each other would need two files; the halves only tell sooner
test.each([1, 1 + HISTORIES])(
  `${HISTORIES} random histories from seed %d keep every promise`,
  async (seed) => {
    const failure = await firstFailure({ histories: HISTORIES, seed });
    expect(failure && report(await smallest(failure))).toBeUndefined();
  },
  LIMIT_MS,
);

test('a seed tells the same history every time', async () => {
  const [first, again] = [await simulate(7), await simulate(7)];
  expect(first.trace.length).toBeGreaterThan(5);
  expect(again.trace).toEqual(first.trace);
});
