import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { areJarsInstalled, ensureJars, jarsFolder } from './jars';
import { ensureJava, type Java } from './java';
import { say, seconds } from './progress';
import { PROJECT, recordedToolchain, toolsFolder, writeToolchain, type Toolchain } from './toolchain';
import { ensureVenv, isInstalled, pythonOf, venvs } from './venv';

export type { Toolchain } from './toolchain';

/** What to install. */
export interface InstallOptions {
  /** Also the tools that the tests and checks need. */
  readonly dev: boolean;
  /** The project to set up; this one by default. */
  readonly project?: string;
}

/** The Node major of the deployed Lambda runtime, as the npm package `node` ships it. */
function lambdaNode(project: string): string {
  const shipped = join(project, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(shipped)) return shipped;
  say(
    `${shipped} is missing (were npm's install scripts switched off?): Lambda functions run on Node ${process.version}`,
  );
  return process.execPath;
}

/** The recorded toolchain when nothing has to be done, else undefined. */
function installedToolchain(project: string, dev: boolean): Toolchain | undefined {
  const { local, glue, scan } = venvs(project);
  const recorded = recordedToolchain(project);
  if (recorded?.localPython !== pythonOf(local)) return undefined;
  const files = [join(recorded.javaHome, 'bin', 'java'), recorded.node];
  const complete =
    files.every(existsSync) &&
    isInstalled(local, dev) &&
    isInstalled(glue, dev) &&
    (!dev || isInstalled(scan, dev)) &&
    areJarsInstalled(project);
  return complete ? recorded : undefined;
}

/** All steps must have ended before the first failure is told: the lock must not be freed under a running one. */
async function together(steps: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(steps)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function build(project: string, dev: boolean): Promise<Toolchain> {
  const { local, glue, java: javaVenv, scan } = venvs(project);
  const withSpark = async (): Promise<Java> => {
    await ensureVenv(glue, dev);
    const java = await ensureJava(javaVenv);
    await ensureJars(project, java);
    return java;
  };
  const spark = withSpark();
  const locals = ensureVenv(local, dev).then(() => (dev ? ensureVenv(scan, dev) : undefined));
  await together([locals, spark.then(() => undefined)]);
  const toolchain = {
    localPython: pythonOf(local),
    gluePython: pythonOf(glue),
    jars: jarsFolder(project),
    javaHome: (await spark).home,
    node: lambdaNode(project),
  };
  writeToolchain(project, toolchain);
  return toolchain;
}

async function acquire(folder: string): Promise<() => Promise<void>> {
  // the holder renews the lock every 3 s, so one that a killed process left is taken over after 15 s
  const options = { lockfilePath: join(folder, 'install.lock'), stale: 15_000, update: 3_000 };
  try {
    return await lock(folder, options);
  } catch {
    say('another set-up is at work in this folder, waiting for it');
    return lock(folder, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 2_000 } });
  }
}

/**
 * Installs what the local cloud needs and is not there yet: Python environments, jars and a Java 17, all by lock and
 * all inside the project. Answers within milliseconds when nothing changed; several processes may call it at once.
 *
 * @throws {SetupError} saying what is missing on this machine and how to get it
 */
export async function install({ dev, project = PROJECT }: InstallOptions): Promise<Toolchain> {
  const ready = installedToolchain(project, dev);
  if (ready) return ready;
  const begin = performance.now();
  mkdirSync(toolsFolder(project), { recursive: true });
  const release = await acquire(toolsFolder(project));
  try {
    const other = installedToolchain(project, dev);
    if (other) return other;
    const toolchain = await build(project, dev);
    say(`all tools are ready after ${seconds(begin)}`);
    return toolchain;
  } finally {
    await release();
  }
}
