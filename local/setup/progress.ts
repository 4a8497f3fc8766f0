import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Tells a person what goes on; stdout stays free for documents. */
export function say(text: string): void {
  process.stderr.write(`set-up: ${text}\n`);
}

/** Seconds with one decimal, as people read them. */
export function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

function bytesIn(folder: string): number {
  let bytes = 0;
  // a recursive readdir follows symbolic links, and a virtual environment has one from lib64 to lib
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesIn(path);
    else if (entry.isFile()) bytes += lstatSync(path).size;
  }
  return bytes;
}

/** Megabytes (10^6 bytes) that a folder takes, symbolic links not followed. */
export function megabytes(folder: string): number {
  return Math.round(bytesIn(folder) / 1_000_000);
}

/** Says that a step begins, does it, and says how long it took and what it left on the disk. */
export async function step<T>(title: string, folder: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  say(`${title} ...`);
  const result = await work();
  say(`${title}: done in ${seconds(begin)}, ${megabytes(folder)} MB`);
  return result;
}
