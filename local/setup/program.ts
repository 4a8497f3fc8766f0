import { spawn } from 'node:child_process';
import { ProgramFailed } from './errors';

/** Only the end of a long output tells why a program failed. */
const KEPT_CHARACTERS = 4_000;

const running = new Set<() => void>();
process.on('exit', () => {
  for (const end of running) end();
});

/** What a program printed, on both streams in the order of arrival. */
export interface Output {
  readonly stdout: string;
  readonly all: string;
}

/** How to run a program. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs a program to its end without a shell and ends it when this process ends.
 *
 * @throws {ProgramFailed} when it cannot be started, ends with a status other than 0, or takes longer than `timeoutMs`
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      all += text;
    });
    const end = (): void => {
      child.kill();
    };
    running.add(end);
    child.once('error', (cause) => {
      running.delete(end);
      reject(new ProgramFailed(`${program} cannot be started: ${cause.message}`, { cause }));
    });
    child.once('close', (status, signal) => {
      running.delete(end);
      if (status === 0) {
        resolve({ stdout, all });
        return;
      }
      const why = status === null ? `was ended by ${signal ?? 'a signal'}` : `ended with status ${status}`;
      const last = all.trim().slice(-KEPT_CHARACTERS);
      reject(new ProgramFailed(`${[program, ...args].join(' ')} ${why}\n${last}`));
    });
  });
}
