import { expect, test } from '@jest/globals';
import { testHalf } from './halves';
import { simulate } from './simulate';

testHalf(1);

test('a seed tells the same history every time', async () => {
  const [first, again] = [await simulate(7), await simulate(7)];
  expect(first.trace.length).toBeGreaterThan(5);
  expect(again.trace).toEqual(first.trace);
});
