import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FunctionVersion, prunableReleases, prunableVersions, prune } from '../../../src/release/prune';
import { type Release } from '../../../src/release/releases';

const arnOf = ({ functionName, version }: FunctionVersion): string =>
  `arn:aws:lambda:us-east-1:1:function:${functionName}:${version}`;

function release(number: number, weight = 0): Release {
  const functions = [arnOf({ functionName: 'plan', version: number })];
  return {
    ...{ number, arn: `machine:${number}`, name: '', createdAt: '', weight },
    ...{ withdrawn: false, functions },
  };
}

describe('pruning', () => {
  it('keeps what is live, what is newer, the newest and what an execution runs on', () => {
    const releases = [release(6), release(5, 100), release(4), release(3), release(2), release(1)];
    const going = prunableReleases(releases, new Set(['machine:2']), 3);
    expect(going.map(({ number }) => number)).toEqual([3, 1]);
  });

  it('keeps the release that somebody went far back to, and everything after it', () => {
    const releases = [release(6), release(5), release(4), release(3), release(2, 100), release(1)];
    expect(prunableReleases(releases, new Set(), 1).map(({ number }) => number)).toEqual([1]);
    expect(
      prunableReleases(
        releases.map((each) => ({ ...each, weight: 0 })),
        new Set(),
        1,
      ),
    ).toEqual([]);
  });

  it('leaves a version of a function that a deploy has just published alone', () => {
    const versions = [1, 2, 3, 4].map((version) => ({ functionName: 'plan', version }));
    const called = [arnOf(versions[2]!)];
    expect(prunableVersions(versions, called).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('leaves a function alone that no definition calls', () => {
    expect(prunableVersions([{ functionName: 'other', version: 1 }], [])).toEqual([]);
  });

  it('never deletes what a remaining release calls, whatever is live, running and kept', async () => {
    const histories = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      live: fc.nat(11),
      running: fc.uniqueArray(fc.nat(11)),
      keep: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(histories, async ({ count, live, running, keep }) => {
        const numbers = Array.from({ length: count }, (_, index) => count - index);
        let releases = numbers.map((number) => release(number, number === (live % count) + 1 ? 100 : 0));
        let versions = numbers.map((version) => ({ functionName: 'plan', version }));
        const executing = new Set(running.map((number) => `machine:${number}`));
        const port = {
          list: () => Promise.resolve(releases),
          executing: () => Promise.resolve(executing),
          deployedFunctions: () => Promise.resolve(releases[0]!.functions),
          functionVersions: () => Promise.resolve(versions),
          deleteRelease: (gone: Release) => {
            releases = releases.filter((each) => each !== gone);
            return Promise.resolve();
          },
          deleteFunctionVersion: (gone: FunctionVersion) => {
            versions = versions.filter((each) => each !== gone);
            return Promise.resolve();
          },
        };
        await prune(port, keep);
        expect(releases.some(({ weight }) => weight === 100)).toBe(true);
        expect(releases.length).toBeGreaterThanOrEqual(Math.min(keep, count));
        const left = versions.map(arnOf);
        for (const { functions } of releases) expect(left).toEqual(expect.arrayContaining([...functions]));
        expect(left).toHaveLength(releases.length);
        expect((await prune(port, keep)).releases).toEqual([]);
      }),
    );
  });
});
