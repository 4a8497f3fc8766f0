/** Commands run as people run them. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export const projectDir = path.resolve(__dirname, '../..');

/** Variable that names the folder of a local cloud to which the service is deployed (tests/e2e/template.ts). */
export const TEMPLATE = 'LAKEHOUSE_E2E_TEMPLATE';

/** How a command ended and what it printed. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the project folder to its end; one that takes longer is killed. */
export function run(
  program: string,
  args: readonly string[],
  { env, timeoutSeconds = 600 }: { env: NodeJS.ProcessEnv; timeoutSeconds?: number },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: projectDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** @throws Error with what the command printed, if it did not end with 0. */
export function succeeded(finished: Finished): Finished {
  if (finished.code !== 0) {
    throw new Error(
      `exit ${finished.code ?? 'by signal'}\n${finished.stdout}\n${finished.stderr.slice(-4000)}`,
    );
  }
  return finished;
}
