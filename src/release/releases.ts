/** A version of the state machine, which names the versions of its functions (docs/adr/0020). */
export interface Release {
  /** Given by Step Functions, in order; never given twice. */
  readonly number: number;
  readonly arn: string;
  /** What the deploy called it: the stage parameter `release`. */
  readonly name: string;
  readonly createdAt: string;
  /** Share of the starts that go to it, in percent; 0 for a release that is not live. */
  readonly weight: number;
  /** Somebody went back from it; it is not gone back to. */
  readonly withdrawn: boolean;
  /** Qualified ARNs of the functions that its definition calls. */
  readonly functions: readonly string[];
}

/** What releases are kept in. */
export interface Releases {
  /** Newest first. */
  list(): Promise<readonly Release[]>;
  /** Lets all starts go to one release. */
  makeLive(release: Release): Promise<void>;
  /** Remembers which releases, by number, were gone back from. */
  rememberWithdrawn(numbers: readonly number[]): Promise<void>;
}

/** There is no release that fits what was asked for. */
export class ReleaseNotFound extends Error {
  override readonly name = 'ReleaseNotFound';
}

/** A move of what is live. */
export interface Move {
  readonly from: readonly Release[];
  readonly to: Release;
}

const LISTED = 5;
const described = (releases: readonly Release[]): string =>
  releases.map(({ number, name }) => `${number} (${name})`).join(', ') || 'none';

/** The releases that starts go to: one, or two while a deploy shifts by and by. */
export function liveReleases(releases: readonly Release[]): Release[] {
  return releases.filter(({ weight }) => weight > 0);
}

/**
 * Where a promotion goes: the release of this number or name, without either the newest.
 *
 * @throws ReleaseNotFound naming the newest ones.
 */
export function releaseToPromote(releases: readonly Release[], wanted?: string): Release {
  const found =
    wanted === undefined
      ? releases[0]
      : (releases.find(({ number }) => String(number) === wanted) ??
        releases.find(({ name }) => name === wanted));
  if (found !== undefined) return found;
  throw new ReleaseNotFound(
    `There is no release ${wanted ?? ''}: the newest are ${described(releases.slice(0, LISTED))}; deploy it, or name another`,
  );
}

/**
 * Where a rollback goes: in the middle of a shift to the older of the two, else to the newest release that is older than
 * the live one and was not gone back from.
 *
 * @throws ReleaseNotFound when nothing older is left.
 */
export function releaseToReturnTo(releases: readonly Release[]): Release {
  const live = liveReleases(releases);
  const oldest = live.at(-1);
  if (live.length > 1 && oldest !== undefined) return oldest;
  const before = releases.find(({ number, withdrawn }) => number < (oldest?.number ?? 0) && !withdrawn);
  if (before !== undefined) return before;
  throw new ReleaseNotFound(
    `No release before ${described(live)} is left to go back to; deploy an older commit, or promote one of ${described(releases.slice(0, LISTED))}`,
  );
}

const withdrawnNumbers = (releases: readonly Release[]): number[] =>
  releases.filter(({ withdrawn }) => withdrawn).map(({ number }) => number);

/** Makes a release live; one that was gone back from counts as good again. */
export async function promote(port: Releases, wanted?: string): Promise<Move> {
  const releases = await port.list();
  const to = releaseToPromote(releases, wanted);
  if (to.withdrawn) {
    await port.rememberWithdrawn(withdrawnNumbers(releases).filter((number) => number !== to.number));
  }
  await port.makeLive(to);
  return { from: liveReleases(releases), to };
}

/** Goes back to the release before, and remembers which was left, so that no later rollback lands on it. */
export async function rollBack(port: Releases): Promise<Move> {
  const releases = await port.list();
  const to = releaseToReturnTo(releases);
  const from = liveReleases(releases);
  await port.makeLive(to);
  const left = from.filter(({ number }) => number !== to.number).map(({ number }) => number);
  await port.rememberWithdrawn([...new Set([...withdrawnNumbers(releases), ...left])]);
  return { from, to };
}
