import { describe, expect, it } from '@jest/globals';
import {
  promote,
  type Release,
  type Releases,
  ReleaseNotFound,
  rollBack,
} from '../../../src/release/releases';

function release(number: number, more: Partial<Release> = {}): Release {
  return {
    number,
    arn: `arn:aws:states:us-east-1:1:stateMachine:ingest:${number}`,
    name: `commit-${number}`,
    createdAt: '2025-05-01T00:00:00.000Z',
    weight: 0,
    withdrawn: false,
    functions: [],
    ...more,
  };
}

/** Step Functions' alias and the tag of the machine, in memory. */
class FakeReleases implements Releases {
  constructor(private releases: readonly Release[]) {}

  list(): Promise<readonly Release[]> {
    return Promise.resolve(this.releases);
  }

  makeLive({ number }: Release): Promise<void> {
    this.releases = this.releases.map((each) => ({ ...each, weight: each.number === number ? 100 : 0 }));
    return Promise.resolve();
  }

  rememberWithdrawn(numbers: readonly number[]): Promise<void> {
    this.releases = this.releases.map((each) => ({ ...each, withdrawn: numbers.includes(each.number) }));
    return Promise.resolve();
  }

  deploy(number: number): void {
    const others = this.releases.map((each) => ({ ...each, weight: 0 }));
    this.releases = [release(number, { weight: 100 }), ...others];
  }

  get live(): number[] {
    return this.releases.filter(({ weight }) => weight > 0).map(({ number }) => number);
  }
}

describe('a rollback', () => {
  it('goes to the release before the live one', async () => {
    const releases = new FakeReleases([release(3, { weight: 100 }), release(2), release(1)]);
    expect(await rollBack(releases)).toMatchObject({ from: [{ number: 3 }], to: { number: 2 } });
    expect(releases.live).toEqual([2]);
  });

  it('never lands on a release that was gone back from', async () => {
    const releases = new FakeReleases([release(2, { weight: 100 }), release(1)]);
    await rollBack(releases);
    releases.deploy(3);
    await rollBack(releases);
    expect(releases.live).toEqual([1]);
  });

  it('ends a gradual shift on the release that it started from', async () => {
    const releases = new FakeReleases([release(5, { weight: 20 }), release(4, { weight: 80 }), release(3)]);
    await rollBack(releases);
    expect(releases.live).toEqual([4]);
    releases.deploy(6);
    await rollBack(releases);
    expect(releases.live).toEqual([4]);
  });

  it('says what to do when nothing is left to go back to', async () => {
    const releases = new FakeReleases([release(2, { weight: 100 }), release(1, { withdrawn: true })]);
    await expect(rollBack(releases)).rejects.toThrow(ReleaseNotFound);
    await expect(rollBack(releases)).rejects.toThrow('No release before 2 (commit-2)');
    expect(releases.live).toEqual([2]);
  });
});

describe('a promotion', () => {
  it('takes the newest, or the one of a number or a name', async () => {
    const releases = new FakeReleases([release(3), release(2), release(1, { weight: 100 })]);
    await promote(releases);
    expect(releases.live).toEqual([3]);
    await promote(releases, '1');
    expect(releases.live).toEqual([1]);
    await promote(releases, 'commit-2');
    expect(releases.live).toEqual([2]);
    await expect(promote(releases, 'commit-9')).rejects.toThrow('There is no release commit-9');
  });

  it('makes a release that was gone back from one to go back to again', async () => {
    const releases = new FakeReleases([release(3, { weight: 100 }), release(2), release(1)]);
    await rollBack(releases);
    await promote(releases, '3');
    releases.deploy(4);
    await rollBack(releases);
    expect(releases.live).toEqual([3]);
  });
});
