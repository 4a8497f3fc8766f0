import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { SetupError } from './errors';
import { run } from './program';

/** The versions for which the lock files hold packages; 3.11 first, because AWS Glue runs it. */
const NAMES = ['python3.11', 'python3.12', 'python3.10', 'python3', 'python'];
const OLDEST_MINOR = 10;
const NEWEST_MINOR = 12;

const PROBE = `
import importlib.util, sys
print(sys.executable, sys.version_info[0], sys.version_info[1], int(importlib.util.find_spec("ensurepip") is not None), sep="\\n")
`;

/** What a Python said about itself. */
export interface Python {
  readonly executable: string;
  readonly major: number;
  readonly minor: number;
  /** Debian splits this module off: without it no virtual environment gets a pip. */
  readonly hasEnsurepip: boolean;
}

/** A Python that was tried, with what became of it. */
export interface Trial {
  readonly candidate: string;
  readonly answer: Python | 'does not run';
}

/** Reads the four lines that a Python prints about itself; undefined when it is something else. */
export function parseProbe(stdout: string): Python | undefined {
  const [executable, major, minor, ensurepip] = stdout.trim().split('\n');
  if (!executable || !/^\d+$/.test(major ?? '') || !/^\d+$/.test(minor ?? '')) return undefined;
  return { executable, major: Number(major), minor: Number(minor), hasEnsurepip: ensurepip === '1' };
}

function isSupported(python: Python): boolean {
  return python.major === 3 && python.minor >= OLDEST_MINOR && python.minor <= NEWEST_MINOR;
}

/** Whether the set-up can build its environments with this Python. */
export function isUsable(trial: Trial): boolean {
  return trial.answer !== 'does not run' && isSupported(trial.answer) && trial.answer.hasEnsurepip;
}

/** Every place where a suitable Python may be, best first; `PYTHON` in the environment leaves no other choice. */
export function candidates(
  env: NodeJS.ProcessEnv,
  exists: (file: string) => boolean,
  pyenv: string[],
): string[] {
  const override = env['PYTHON'];
  if (override) return [override];
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const found = NAMES.flatMap((name) => [...folders, ...pyenv].map((folder) => join(folder, name)));
  return [...new Set(found)].filter(exists);
}

/** Shims of pyenv answer only for the version that is switched on; the others sit beside them. */
function pyenvFolders(env: NodeJS.ProcessEnv): string[] {
  const versions = join(env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions).map((version) => join(versions, version, 'bin'));
}

function describe(trial: Trial): string {
  if (trial.answer === 'does not run') return `${trial.candidate} (does not run)`;
  const version = `${trial.answer.major}.${trial.answer.minor}`;
  if (!isSupported(trial.answer)) return `${trial.candidate} (is ${version})`;
  return `${trial.candidate} (${version}, but without ensurepip: on Debian and Ubuntu install python${version}-venv)`;
}

/** Says which Pythons were looked at and what to install. */
export function noPythonMessage(trials: readonly Trial[]): string {
  const seen = trials.length === 0 ? 'none was found on PATH' : trials.map(describe).join(', ');
  return (
    `Python 3.${OLDEST_MINOR} to 3.${NEWEST_MINOR} is needed: ${seen}. ` +
    'Install Python 3.11 (for example "apt install python3.11 python3.11-venv", "brew install python@3.11" or ' +
    '"pyenv install 3.11"), or name one with PYTHON=/path/to/python3.11, and start again.'
  );
}

async function probe(candidate: string): Promise<Trial> {
  try {
    const { stdout } = await run(candidate, ['-I', '-c', PROBE], { timeoutMs: 20_000 });
    return { candidate, answer: parseProbe(stdout) ?? 'does not run' };
  } catch {
    // a shim that leads nowhere is as good as no Python: the message lists it
    return { candidate, answer: 'does not run' };
  }
}

/**
 * Finds a Python that the lock files know, by running what is there.
 *
 * @throws {SetupError} naming what was tried and what to install
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const trials: Trial[] = [];
  // a PYTHON without a slash is looked up on PATH when it is run
  for (const candidate of candidates(env, existsSync, pyenvFolders(env))) {
    const trial = await probe(candidate);
    if (trial.answer !== 'does not run' && isUsable(trial)) return trial.answer;
    trials.push(trial);
  }
  throw new SetupError(noPythonMessage(trials));
}
