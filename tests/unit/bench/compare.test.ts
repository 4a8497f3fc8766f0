import { describe, expect, it } from '@jest/globals';
import { compareTables, differences, find, parseDigests, ratio } from '../../../bench/compare';
import { type Measurement } from '../../../bench/results';

const table = (digest: string, more: object = {}) => ({ rows: 3, digest, missing: 0, surplus: 0, ...more });

describe('end states', () => {
  it('are the same when every digest is', () => {
    const comparison = compareTables('duckdb', { orders: table('a') }, { orders: table('a') });
    expect(differences(comparison)).toEqual([]);
  });

  it('differ by the rows that only one of both has', () => {
    const theirs = { orders: table('b', { missing: 2, surplus: 1 }), products: table('c') };
    const comparison = compareTables('naive', { orders: table('a'), products: table('c') }, theirs);
    expect(differences(comparison)).toEqual(['orders: 2 rows of ours missing, 1 others']);
  });

  it('differ when the peer has no such table', () => {
    const comparison = compareTables('naive', { orders: table('a') }, {});
    expect(differences(comparison)).toEqual(['orders: 3 rows of ours missing, 0 others']);
  });

  it('are refused when the answer holds no digests', () => {
    expect(() => parseDigests({ orders: { rows: '3' } })).toThrow('are no digests');
    expect(parseDigests({ orders: { rows: 3, digest: 'a' } })).toEqual({ orders: table('a') });
  });
});

describe('the ratio of processor times', () => {
  const one = (peer: Measurement['peer'], cpuSeconds: number, warm = false): Measurement => ({
    peer,
    phase: 'increment',
    warm,
    newFiles: 0,
    cpuSeconds,
    wallSeconds: 99,
    peakMegabytes: 1,
  });
  const measurements = [one('ours', 20), one('ours', 5, true), one('naive', 80), one('limit', 0)];

  it('is ours over the peer’s, wall time apart', () => {
    const ours = find(measurements, 'ours', 'increment', false);
    expect(ratio(ours, find(measurements, 'naive', 'increment', false))).toBe(0.25);
  });

  it('is none where one was not measured, or took no time that can be told', () => {
    const ours = find(measurements, 'ours', 'increment', true);
    expect(ours?.cpuSeconds).toBe(5);
    expect(ratio(ours, find(measurements, 'naive', 'increment', true))).toBeUndefined();
    expect(ratio(ours, find(measurements, 'limit', 'increment', false))).toBeUndefined();
  });
});
