import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { CommandFailed } from './errors';
import { type Terminal } from './terminal';

const KEPT_LINES = 200;
const GRACE_MS = 10_000;

/** How the deploy is run. */
export interface DeployOptions {
  readonly project: string;
  readonly stage: string;
  readonly signal: AbortSignal;
  /** Told for every line that osls prints; the whole output follows only when it fails. */
  readonly terminal: Terminal;
}

/** A killed deploy leaves its lock, which nobody renews then. */
const LOCK = { stale: 15_000, update: 3_000 };
const LOCK_POLL_MS = 500;

/**
 * Deploys the service with the project's own osls. The stage must be prepared; nothing changed means nothing to do. One at a
 * time in a folder: osls packages into folders of the project, whatever the stage or the local cloud.
 *
 * @throws CommandFailed with everything that osls said, when it fails.
 */
export async function deploy({ project, stage, signal, terminal }: DeployOptions): Promise<void> {
  const osls = require.resolve('serverless/bin/serverless.js', { paths: [project] });
  const release = await alone(project, signal, terminal);
  try {
    await runQuietly(process.execPath, [osls, 'deploy', '--stage', stage], project, signal, terminal);
  } finally {
    await release();
  }
}

/** Waits until no other deploy is at work in the folder. */
async function alone(project: string, signal: AbortSignal, terminal: Terminal): Promise<() => Promise<void>> {
  const digest = createHash('sha256').update(realpathSync(project)).digest('hex').slice(0, 16);
  const lockfilePath = path.join(tmpdir(), `lakehouse-deploy-${digest}.lock`);
  for (;;) {
    try {
      return await lock(project, { ...LOCK, lockfilePath });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    }
    terminal.progress('waits for another deploy in this folder');
    await pause(LOCK_POLL_MS, undefined, { signal });
  }
}

/**
 * Runs a program and shows its last line as progress.
 *
 * @throws CommandFailed with the end of its output when it fails; the signal's reason when it was interrupted.
 */
export function runQuietly(
  program: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    const hear = (text: string): void => {
      for (const line of text.split(/\r?\n/u).filter((part) => part.trim() !== '')) {
        lines.push(line);
        terminal.progress(line);
      }
      lines.splice(0, lines.length - KEPT_LINES);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    const stop = (): void => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', (cause) => {
      reject(new CommandFailed(`${program} cannot be started; run npm ci`, { cause }));
    });
    child.once('close', (status) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted)
        reject(signal.reason instanceof Error ? signal.reason : new CommandFailed('interrupted'));
      else if (status === 0) resolve();
      else reject(new CommandFailed(`${args.slice(1).join(' ')} failed:\n${lines.join('\n')}`));
    });
  });
}
