import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/** Where and how a command runs, as far as opening a window goes by it. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Whether a person sees the output. */
  readonly interactive: boolean;
}

/** The program that shows a file in the person's browser; undefined where there is no screen, or nobody to look. */
export function viewer({ platform, env, interactive }: Surroundings): string | undefined {
  if (!interactive || env['CI'] !== undefined) return undefined;
  if (platform === 'darwin') return 'open';
  const screen = env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? env['WSL_DISTRO_NAME'];
  return platform === 'linux' && screen !== undefined ? 'xdg-open' : undefined;
}

/** Whether the program took the file; the window stays when this process ends. */
export async function openFile(program: string, file: string): Promise<boolean> {
  const child = spawn(program, [pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
  } catch {
    // a machine without that program
    return false;
  }
  child.unref();
  return true;
}
