import { liveReleases, type Release } from './releases';

/** A published version of a function. */
export interface FunctionVersion {
  readonly functionName: string;
  readonly version: number;
}

/** What pruning needs to see and do. */
export interface Pruning {
  list(): Promise<readonly Release[]>;
  /** ARNs of the releases that a running execution is on. */
  executing(): Promise<ReadonlySet<string>>;
  /** ARNs of the functions that the definition as it was deployed last calls, whether or not it is published. */
  deployedFunctions(): Promise<readonly string[]>;
  functionVersions(functionNames: readonly string[]): Promise<readonly FunctionVersion[]>;
  deleteRelease(release: Release): Promise<void>;
  deleteFunctionVersion(version: FunctionVersion): Promise<void>;
}

export interface Pruned {
  readonly releases: readonly Release[];
  readonly functionVersions: readonly FunctionVersion[];
}

/** Releases that nothing needs: older than what is live, not among the `keep` newest, run by no execution. */
export function prunableReleases(
  releases: readonly Release[],
  executing: ReadonlySet<string>,
  keep: number,
): Release[] {
  const oldestLive = Math.min(...liveReleases(releases).map(({ number }) => number));
  // with nothing live, somebody is at work on the alias: nothing goes
  if (!Number.isFinite(oldestLive)) return [];
  return releases.slice(keep).filter(({ number, arn }) => number < oldestLive && !executing.has(arn));
}

const QUALIFIED = /:function:([^:]+):(\d+)$/;

/** Function and version of a qualified ARN; undefined for an unqualified one. */
export function versionOf(arn: string): FunctionVersion | undefined {
  const [, functionName, version] = QUALIFIED.exec(arn) ?? [];
  return functionName === undefined ? undefined : { functionName, version: Number(version) };
}

/**
 * Versions of functions that no definition calls and that are older than one that is called: a newer one may belong to a
 * deploy that has not published its definition yet.
 */
export function prunableVersions(
  published: readonly FunctionVersion[],
  called: readonly string[],
): FunctionVersion[] {
  const kept = new Map<string, Set<number>>();
  for (const arn of called) {
    const found = versionOf(arn);
    if (found === undefined) continue;
    const versions = kept.get(found.functionName) ?? new Set();
    kept.set(found.functionName, versions.add(found.version));
  }
  return published.filter(({ functionName, version }) => {
    const versions = kept.get(functionName);
    return versions !== undefined && !versions.has(version) && version < Math.max(...versions);
  });
}

/** Deletes releases first, then the versions of functions that only they called. */
export async function prune(port: Pruning, keep: number): Promise<Pruned> {
  const releases = await port.list();
  const going = prunableReleases(releases, await port.executing(), keep);
  const staying = releases.filter((release) => !going.includes(release));
  const called = [...staying.flatMap(({ functions }) => functions), ...(await port.deployedFunctions())];
  const names = [...new Set(called.flatMap((arn) => versionOf(arn)?.functionName ?? []))];
  const versions = prunableVersions(await port.functionVersions(names), called);
  for (const release of going) await port.deleteRelease(release);
  for (const version of versions) await port.deleteFunctionVersion(version);
  return { releases: going, functionVersions: versions };
}
