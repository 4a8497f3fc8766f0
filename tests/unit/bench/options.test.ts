import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '../../../bench/options';
import { peerNames, phases } from '../../../bench/results';

describe('the command line of the benchmark', () => {
  it('runs everything unless it says otherwise', () => {
    expect(parseOptions([])).toEqual({ items: 100_000, peers: peerNames, phases, record: false });
  });

  it('takes peers and phases in their own order', () => {
    const args = ['--items', '1000', '--peers', 'duckdb,ours', '--phases', 'increment,initial'];
    expect(parseOptions(args)).toEqual({
      items: 1_000,
      peers: ['ours', 'duckdb'],
      phases: ['initial', 'increment'],
      record: false,
    });
  });

  it.each([
    [['--items', '10'], 'at least 1000'],
    [['--items', 'many'], 'at least 1000'],
    [['--peers', 'ours,polars'], '--peers polars: it knows ours, naive'],
    [['--phases', 'increment'], 'need initial before them'],
    [['--phases', 'initial', '--record'], 'a record has all phases'],
    [['--size', '3'], "Unknown option '--size'"],
  ])('refuses %j and says how to call it', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
