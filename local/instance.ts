import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import {
  instanceHome,
  isLauncher,
  launcherArguments,
  readRecord,
  recordFile,
  type InstanceRecord,
} from './instance-record';
import { run } from './setup/program';
import { readToolchain, toolchainFile } from './setup/toolchain';

const START_MS = 90_000;
/** The launcher gives its services 20 s to end. */
const STOP_MS = 30_000;
const HEALTH_MS = 5_000;
const POLL_MS = 50;
const LOG_LINES = 25;

/** What the launcher prints while the one before it, which was told to stop, still holds the folder. */
const FOLDER_IN_USE = 'another local cloud already uses';

/** The local cloud did not start or did not stop; the message ends with the last lines of its log. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}

/** A running local cloud. */
export interface LocalCloud extends InstanceRecord {
  /** The folder that holds all of it. */
  readonly home: string;
}

/** How to start. */
export interface StartOptions {
  readonly timeoutMs?: number;
  /** Aborting ends what was started so far. */
  readonly signal?: AbortSignal;
}

/** The log of the instance of a folder. */
export function logFile(home: string): string {
  return join(home, 'localcloud.log');
}

function logTail(home: string): string {
  if (!existsSync(logFile(home))) return '';
  return readFileSync(logFile(home), 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

async function answersHealth(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(HEALTH_MS) })).ok;
  } catch {
    // nobody listens there, or not yet
    return false;
  }
}

/** Polls until the condition holds; false when the time is over. */
async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}

async function findIn(home: string): Promise<LocalCloud | undefined> {
  const record = readRecord(home);
  if (!record || !isLauncher(record.pid, home) || !(await answersHealth(record.endpoint))) return undefined;
  return { ...record, home };
}

/** Sends a signal to a process group; one that is gone is what we wanted. */
function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    const gone = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

/** One starter or stopper at a time; a holder that was killed is replaced after ten seconds. */
async function alone<T>(home: string, work: () => Promise<T>): Promise<T> {
  const release = await lock(home, {
    lockfilePath: join(home, 'start.lock'),
    stale: 10_000,
    retries: { retries: 1_200, minTimeout: 100, maxTimeout: 100 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

interface Launched {
  readonly pid: number;
  readonly ended: () => boolean;
}

function launch(project: string, home: string): Launched {
  // the log of the run before stays for whoever asks why it ended
  if (existsSync(logFile(home))) renameSync(logFile(home), `${logFile(home)}.1`);
  const log = openSync(logFile(home), 'a');
  const args = [...launcherArguments(home), '--toolchain', toolchainFile(project)];
  const child = spawn(readToolchain(project).localPython, args, {
    // a session of its own: Ctrl-C in this terminal and its end do not reach it
    detached: true,
    stdio: ['ignore', log, log],
    cwd: home,
    env: { ...process.env, PYTHONPATH: join(project, 'local') },
  });
  closeSync(log);
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  child.once('exit', end);
  child.once('error', end);
  child.unref();
  if (child.pid === undefined) {
    throw new LocalCloudError(
      `${readToolchain(project).localPython} cannot be started: run "npm start" to set up anew`,
    );
  }
  return { pid: child.pid, ended: () => ended };
}

async function launchAndWait(project: string, home: string, options: StartOptions): Promise<LocalCloud> {
  const { timeoutMs = START_MS, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let launched = launch(project, home);
  for (;;) {
    const cloud = await findIn(home);
    if (cloud?.pid === launched.pid) return cloud;
    const failure = failureOf(launched, home, performance.now() > deadline, signal);
    if (failure === 'folder in use') {
      launched = launch(project, home);
    } else if (failure) {
      signalGroup(launched.pid, 'SIGKILL');
      await waitUntil(launched.ended, STOP_MS);
      const log = `The end of ${logFile(home)}:\n${logTail(home)}`;
      throw new LocalCloudError(`The local cloud ${failure}. ${log}`, { cause: signal?.reason });
    }
    await pause(POLL_MS);
  }
}

function failureOf(
  launched: Launched,
  home: string,
  late: boolean,
  signal?: AbortSignal,
): string | undefined {
  if (signal?.aborted) return 'was not started: interrupted';
  if (late) return 'did not answer in time';
  if (!launched.ended()) return undefined;
  return logTail(home).includes(FOLDER_IN_USE) ? 'folder in use' : 'ended while it started';
}

/** The running local cloud of a project; undefined when none answers, whatever an old record says. */
export function findLocalCloud(project: string): Promise<LocalCloud | undefined> {
  return findIn(instanceHome(project));
}

/**
 * Starts the local cloud of a project, detached, unless it runs already; whoever else starts it at the same time gets
 * the same one. It stays when this process ends.
 *
 * @throws {SetupError} when the set-up has not run
 * @throws {LocalCloudError} when it does not become healthy in time
 */
export async function startLocalCloud(project: string, options: StartOptions = {}): Promise<LocalCloud> {
  const home = instanceHome(project);
  const running = await findIn(home);
  if (running) return running;
  return alone(home, async () => (await findIn(home)) ?? launchAndWait(project, home, options));
}

/** Ends what a launcher that was killed has left behind; the launcher records its children in `pids/`. */
async function endLeftovers(project: string, home: string): Promise<void> {
  const pids = join(home, 'pids');
  if (!existsSync(pids) || readdirSync(pids).length === 0) return;
  const code =
    'import pathlib, sys; from localcloud.child_processes import kill_leftovers; kill_leftovers(pathlib.Path(sys.argv[1]))';
  const env = { ...process.env, PYTHONPATH: join(project, 'local') };
  await run(readToolchain(project).localPython, ['-c', code, home], { env });
}

/**
 * Stops the local cloud of a project with every process it started, also after its launcher was killed. What it stored
 * stays. Answers whether one was running.
 *
 * @throws {LocalCloudError} when it outlives even SIGKILL
 */
export function stopLocalCloud(project: string): Promise<boolean> {
  const home = instanceHome(project);
  return alone(home, async () => {
    const pid = readRecord(home)?.pid;
    const runs = pid !== undefined && isLauncher(pid, home);
    if (runs) {
      process.kill(pid, 'SIGTERM');
      const gone = (): boolean => !isLauncher(pid, home);
      const clean = await waitUntil(gone, STOP_MS);
      // also after a clean end: the group is the launcher's, so what is left of it is nobody else's
      signalGroup(pid, 'SIGKILL');
      if (!clean && !(await waitUntil(gone, STOP_MS))) {
        throw new LocalCloudError(
          `The local cloud (process ${pid}) cannot be ended: end it by hand, then start again`,
        );
      }
    }
    await endLeftovers(project, home);
    rmSync(recordFile(home), { force: true });
    return runs;
  });
}
