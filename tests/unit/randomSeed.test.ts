import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomSeed } from '../randomSeed';

describe('the seed of random tests', () => {
  it('is the same every time unless RANDOM_SEED says otherwise', () => {
    expect([randomSeed({}), randomSeed({ RANDOM_SEED: '' })]).toEqual([1, 1]);
  });

  it('is another for each run, or one that a run printed', () => {
    expect(randomSeed({ RANDOM_SEED: 'random' })).toBeUndefined();
    expect(randomSeed({ RANDOM_SEED: '-1138' })).toBe(-1138);
  });

  it('is refused where it is neither', () => {
    expect(() => randomSeed({ RANDOM_SEED: 'rnd' })).toThrow('RANDOM_SEED is rnd');
  });

  it('is what every property test plays with', () => {
    expect(fc.readConfigureGlobal().seed).toBe(randomSeed(process.env));
  });
});
