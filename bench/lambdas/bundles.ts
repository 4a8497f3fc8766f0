import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { type Bundle, type Loading, median } from './results';

/** Loads a program and says how long that took, and what the process holds then. */
const LOAD = `const begin = performance.now(), before = process.cpuUsage(); require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify([performance.now() - begin, (user + system) / 1_000, process.memoryUsage().rss / 2 ** 20]));
process.exit(0);`;

/** The JavaScript of a packaged function, by its path in the package, without its source map. */
export function scriptsOf(zip: Uint8Array): Map<string, Uint8Array> {
  const files = Object.entries(unzipSync(zip)).filter(([name]) => name.endsWith('.js'));
  if (files.length === 0) throw new Error('the package holds no JavaScript');
  return new Map(files);
}

/** The packages of functions in a folder that `sls package` wrote: name of the function, file. */
export function packagesIn(folder: string): [name: string, file: string][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.zip'))
    .sort()
    .map((file) => [basename(file, '.zip'), join(folder, file)]);
}

function load(node: string, file: string, runs: number): Loading {
  const env = { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', NODE_OPTIONS: '--enable-source-maps' };
  const found = Array.from({ length: runs }, (): number[] => {
    const answer: unknown = JSON.parse(execFileSync(node, ['-e', LOAD, file], { env, encoding: 'utf8' }));
    if (!Array.isArray(answer)) throw new Error(`${file} answered ${String(answer)}`);
    return answer.map(Number);
  });
  const [wall, cpu, memory] = [0, 1, 2].map((place) => found.map((run) => run[place] ?? Number.NaN));
  return {
    loadMilliseconds: Math.min(...(wall ?? [])),
    cpuMilliseconds: median(cpu ?? []),
    megabytes: median(memory ?? []),
  };
}

/**
 * Loads each packaged function in new processes of the Node that runs it.
 *
 * @param folder what `sls package` wrote
 * @param scratch where the bundles are unpacked
 */
export function measureBundles(
  node: string,
  folder: string,
  scratch: string,
  runs: number,
): { readonly empty: Loading; readonly bundles: Bundle[] } {
  mkdirSync(scratch, { recursive: true });
  const nothing = join(scratch, 'nothing.js');
  writeFileSync(nothing, '');
  const bundles = packagesIn(folder).map(([name, file]): Bundle => {
    const zip = readFileSync(file);
    const scripts = scriptsOf(zip);
    let main = '';
    let bytes = 0;
    for (const [path, content] of scripts) {
      main = join(scratch, name, path);
      mkdirSync(dirname(main), { recursive: true });
      writeFileSync(main, content);
      bytes += content.length;
    }
    return { name, bytes, zippedBytes: zip.length, ...load(node, main, runs) };
  });
  return { empty: load(node, nothing, runs), bundles };
}
