import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './errors';
import { run } from './program';
import { step } from './progress';
import { findPython } from './python';
import { toolsFolder } from './toolchain';

/** A virtual environment that the set-up builds from a lock file with hashes. */
export interface Venv {
  readonly folder: string;
  readonly lock: string;
  /** A lock that holds all of `lock` and the tools of a developer. */
  readonly devLock?: string;
  /** What it is for, in words that follow "Python packages". */
  readonly purpose: string;
}

/** The environments of a project; `scan` is a developer's only, `bench` the benchmark's. */
export function venvs(project: string): { local: Venv; glue: Venv; java: Venv; scan: Venv; bench: Venv } {
  const tools = toolsFolder(project);
  return {
    local: {
      folder: join(tools, 'venv-local'),
      lock: join(project, 'local', 'requirements.txt'),
      devLock: join(project, 'local', 'requirements-dev.txt'),
      purpose: 'of the local cloud',
    },
    glue: {
      folder: join(tools, 'venv-glue'),
      lock: join(project, 'glue', 'requirements.txt'),
      devLock: join(project, 'glue', 'requirements-dev.txt'),
      purpose: 'of the Glue jobs (Spark)',
    },
    java: {
      folder: join(tools, 'venv-java'),
      lock: join(project, 'local', 'setup', 'java-requirements.txt'),
      purpose: 'that carry Java 17',
    },
    scan: {
      folder: join(tools, 'venv-scan'),
      lock: join(project, 'local', 'requirements-scan.txt'),
      purpose: 'that scan template and workflows',
    },
    bench: {
      folder: join(tools, 'venv-bench'),
      lock: join(project, 'bench', 'requirements.txt'),
      purpose: 'of the benchmark (DuckDB, delta-rs)',
    },
  };
}

/** The interpreter of an environment. */
export function pythonOf(venv: Venv): string {
  return join(venv.folder, 'bin', 'python');
}

/** What the stamp of an environment says when it was built from `lock`; a moved folder does not work any more. */
export function stampOf(venv: Venv, lock: string): string {
  return createHash('sha256').update(venv.folder).update('\0').update(readFileSync(lock)).digest('hex');
}

function stampFile(venv: Venv): string {
  return join(venv.folder, 'installed.sha256');
}

function recordedStamp(venv: Venv): string | undefined {
  // a Python that was uninstalled leaves a dangling link, for which existsSync answers false
  if (!existsSync(stampFile(venv)) || !existsSync(pythonOf(venv))) return undefined;
  return readFileSync(stampFile(venv), 'utf8').trim();
}

/** Whether the environment holds what its lock says; one with the developer's tools serves both purposes. */
export function isInstalled(venv: Venv, dev: boolean): boolean {
  const recorded = recordedStamp(venv);
  if (recorded === undefined) return false;
  if (venv.devLock && recorded === stampOf(venv, venv.devLock)) return true;
  return !(dev && venv.devLock) && recorded === stampOf(venv, venv.lock);
}

function pipEnvironment(): NodeJS.ProcessEnv {
  // a user-wide "pip config set global.user true" would put packages outside the environment
  const env: NodeJS.ProcessEnv = { ...process.env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' };
  delete env['PYTHONPATH'];
  delete env['PYTHONHOME'];
  return env;
}

/**
 * Builds the environment unless it is there already. The stamp is written last: what an interrupted build leaves is
 * no environment and is built again.
 *
 * @throws {SetupError} when no Python fits or a package cannot be had
 */
export async function ensureVenv(venv: Venv, dev: boolean): Promise<void> {
  if (isInstalled(venv, dev)) return;
  const lock = dev && venv.devLock ? venv.devLock : venv.lock;
  const hasBase = recordedStamp(venv) === stampOf(venv, venv.lock);
  await step(`Python packages ${venv.purpose}`, venv.folder, async () => {
    const env = pipEnvironment();
    rmSync(stampFile(venv), { force: true });
    try {
      if (!hasBase) {
        const { executable } = await findPython();
        await run(executable, ['-m', 'venv', '--clear', venv.folder], { env });
      }
      await run(pythonOf(venv), ['-m', 'pip', 'install', ...PIP_FLAGS, '--requirement', lock], { env });
    } catch (cause) {
      if (cause instanceof SetupError || !(cause instanceof Error)) throw cause;
      throw new SetupError(
        `The Python packages ${venv.purpose} could not be installed from ${lock}. Check the network (pip's own settings ` +
          `and proxy variables apply) and start again; what is there already is kept.\n${cause.message}`,
        { cause },
      );
    }
    writeFileSync(stampFile(venv), `${stampOf(venv, lock)}\n`);
  });
}

const PIP_FLAGS = ['--require-hashes', '--disable-pip-version-check', '--no-input', '--quiet'];
