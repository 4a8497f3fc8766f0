import { isDeployed, recordDeployment, sourcesOf } from '../../local/deployment';
import { deploy, type DeployOptions } from './deploy';

/** When a stack was last changed, ISO 8601; undefined when there is none, or its last deploy did not end well. */
export type ReadDeployTime = (stage: string) => Promise<string | undefined>;

/**
 * Deploys the stage of this machine, unless the instance in `home` was last deployed from the same sources: packaging
 * costs 7 s of CPU just to find that nothing changed (docs/measurements.md).
 *
 * @returns whether it was deployed
 * @throws CommandFailed with everything that osls said, when it fails.
 */
export async function deployLocally(
  options: DeployOptions & { readonly home: string },
  readDeployTime: ReadDeployTime,
  run: (options: DeployOptions) => Promise<void> = deploy,
): Promise<boolean> {
  const { project, stage, home } = options;
  const sources = sourcesOf(project);
  const before = await readDeployTime(stage);
  if (before !== undefined && isDeployed(home, { sources, at: before })) return false;
  await run(options);
  const after = await readDeployTime(stage);
  if (after !== undefined) recordDeployment(home, { sources, at: after });
  return true;
}
