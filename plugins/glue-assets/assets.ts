/** What the Glue jobs run, as content-addressed objects. Pure but for reading the project's files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

export interface Asset {
  /** Path below the assets' prefix in the deployment bucket; its first part is a hash of the content. */
  readonly key: string;
  readonly body: Uint8Array;
}

export interface GlueRelease {
  /** The script that every job starts. */
  readonly script: Asset;
  /** lakehouse/** and schemas/** as one zip, put on the jobs' Python path by `--extra-py-files`. */
  readonly package: Asset;
  /** SHA-256 of schemas/, in hex: names the contracts a batch was planned with. */
  readonly contractHash: string;
}

/** A folder that the jobs need is empty or missing. */
export class GlueAssetsMissing extends Error {
  override readonly name = 'GlueAssetsMissing';
}

const SCRIPT = 'load_dataset.py';
// The earliest date a zip can hold. Zip stores local time, so it is built from local parts: the same in every zone.
const FIXED_DATE = new Date(1980, 0, 1);
const isLeftover = (name: string) => name.startsWith('.') || name === '__pycache__' || name.endsWith('.pyc');

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !isLeftover(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : entry.isFile() ? [path] : [];
    });
}

/** The files of `folder` by their path below `root`, in an order that no file system decides. */
function read(root: string, folder: string): [path: string, content: Buffer][] {
  const files = filesUnder(join(root, folder)).map((path): [string, Buffer] => [
    relative(root, path).split(sep).join('/'),
    readFileSync(path),
  ]);
  if (files.length === 0) {
    throw new GlueAssetsMissing(`${join(root, folder)} holds no files: the Glue jobs could not run`);
  }
  return files.sort(([a], [b]) => (a < b ? -1 : 1));
}

const sha256 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

const addressed = (name: string, body: Uint8Array): Asset => ({
  key: `${sha256(body).slice(0, 16)}/${name}`,
  body,
});

/**
 * Reads the job script, the package and the contracts of the project at `projectDir`.
 * The same files give the same bytes and keys on every machine.
 * @throws GlueAssetsMissing when a folder holds nothing.
 */
export function readGlueRelease(projectDir: string): GlueRelease {
  const contracts = read(projectDir, 'schemas');
  const code = read(join(projectDir, 'glue'), 'lakehouse');
  const content: Zippable = {};
  for (const [path, body] of [...code, ...contracts]) content[path] = body;
  return {
    script: addressed(SCRIPT, readFileSync(join(projectDir, 'glue', SCRIPT))),
    package: addressed('lakehouse.zip', zipSync(content, { level: 9, mtime: FIXED_DATE })),
    contractHash: sha256(...contracts.flatMap(([path, body]) => [`${path}\0${sha256(body)}\n`])),
  };
}
