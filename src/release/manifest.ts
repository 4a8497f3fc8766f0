import { createHash } from 'node:crypto';
import type { ReleaseManifest } from '../../generated/types/outputs/releaseManifest';
import { comparable, differingPaths, isParameter } from './compareStages';

/** What `sls package` made of a stage. */
export interface Packaged {
  readonly stage: string;
  /** What the deploy gives to CloudFormation. */
  readonly template: unknown;
  /** Bundles of functions by file name. */
  readonly bundles: ReadonlyMap<string, Uint8Array>;
  /** Script and package of the jobs by file name. */
  readonly jobs: ReadonlyMap<string, Uint8Array>;
  /** All files by path, with those above. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const DEFINITION = '/Resources/IngestStateMachine/Properties/DefinitionString/';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const digests = (files: ReadonlyMap<string, Uint8Array>): Record<string, string> =>
  Object.fromEntries([...files].map(([name, body]) => [name, sha256(body)] as const).sort());

/** The release that was packaged, and its packages. */
export function manifestOf(packaged: Packaged, ...others: readonly Packaged[]): ReleaseManifest {
  const packages = [packaged, ...others].map(({ stage, files }) => {
    return [stage, sha256(JSON.stringify(digests(files)))] as const;
  });
  return { ...contentOf(packaged), packages: Object.fromEntries(packages.sort()) };
}

/** What is the same for every stage of one commit. */
function contentOf({ stage, template, bundles, jobs }: Packaged): Omit<ReleaseManifest, 'packages'> {
  const definition = [...comparable(template, stage)].filter(
    ([path]) => path.startsWith(DEFINITION) && !isParameter(path),
  );
  const content = {
    bundles: digests(bundles),
    jobs: digests(jobs),
    definition: sha256(JSON.stringify(definition.sort(([a], [b]) => (a < b ? -1 : 1)))),
  };
  return { digest: sha256(JSON.stringify(content)), ...content };
}

/** A sentence for everything but parameters in which two packaged stages differ. */
export function differencesOf(left: Packaged, right: Packaged): string[] {
  const [one, other] = [contentOf(left), contentOf(right)];
  const files = (['bundles', 'jobs'] as const).flatMap((kind) => {
    const names = new Set([...Object.keys(one[kind]), ...Object.keys(other[kind])]);
    return [...names].filter((name) => one[kind][name] !== other[kind][name]);
  });
  const paths = differingPaths(
    comparable(left.template, left.stage),
    comparable(right.template, right.stage),
  ).filter((path) => !isParameter(path));
  return [
    ...files.map((name) => `${name} is not the same in ${left.stage} and ${right.stage}`),
    ...paths.map((path) => `the templates differ at ${path}, which no stage parameter sets`),
  ];
}
