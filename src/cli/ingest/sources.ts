import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isTooLong } from '../../arrival/versions';
import { UsageError } from '../errors';

/** A file of this machine and the object that it becomes. */
export interface Source {
  readonly path: string;
  readonly dataset: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

export interface Sources {
  /** By key (UTF-8 binary): the order in which the service takes files that land in the same moment. */
  readonly files: readonly Source[];
  /** Paths that are not uploaded. */
  readonly ignored: readonly string[];
}

const SUFFIX = '.csv';

/**
 * Finds what to upload. A folder holds folders named as datasets (or is one); a file's dataset is its folder's name or
 * the longest dataset name that its own name begins with.
 *
 * @throws UsageError when a path does not exist, fits no dataset, or two files would become the same object.
 */
export async function findSources(paths: readonly string[], datasets: readonly string[]): Promise<Sources> {
  const found: Source[] = [];
  const ignored: string[] = [];
  for (const path of paths) {
    const kind = await kindOf(path);
    if (kind === 'file') found.push(await sourceOfFile(path, datasets));
    else await collect(path, datasets, found, ignored);
  }
  if (found.length === 0) {
    throw new UsageError(
      `There is no ${SUFFIX} file to ingest in ${paths.join(', ')}: put them into folders named ${datasets.join(', ')}`,
    );
  }
  return { files: inKeyOrder(found), ignored };
}

async function kindOf(path: string): Promise<'file' | 'folder'> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read: give a folder or files that exist`, { cause });
  });
  return found.isDirectory() ? 'folder' : 'file';
}

async function sourceOfFile(path: string, datasets: readonly string[]): Promise<Source> {
  const name = basename(path);
  if (!name.endsWith(SUFFIX)) throw new UsageError(`${path} is no ${SUFFIX} file: export it as CSV first`);
  const folder = basename(dirname(resolve(path)));
  const dataset = datasets.includes(folder) ? folder : datasetByName(name, datasets);
  if (dataset === undefined) {
    throw new UsageError(
      `${path} fits no dataset: put it into a folder named ${datasets.join(', ')}, or begin its name with one of these`,
    );
  }
  return { path, dataset, key: keyOf(path, dataset, name), size: (await stat(path)).size };
}

function keyOf(path: string, dataset: string, name: string): string {
  const key = `raw/${dataset}/${name.split(sep).join('/')}`;
  if (isTooLong(key)) throw new UsageError(`${path} has too long a name for the ledger: shorten it`);
  return key;
}

/** `order_items-1.csv` is of order_items, also where there is a dataset `order`. */
function datasetByName(name: string, datasets: readonly string[]): string | undefined {
  return datasets.filter((dataset) => name.startsWith(dataset)).sort((a, b) => b.length - a.length)[0];
}

async function collect(
  folder: string,
  datasets: readonly string[],
  found: Source[],
  ignored: string[],
): Promise<void> {
  const own = basename(resolve(folder));
  if (datasets.includes(own)) {
    await collectDataset(folder, own, found, ignored);
    return;
  }
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if (datasets.includes(name) && (await kindOf(path)) === 'folder') {
      await collectDataset(path, name, found, ignored);
    } else {
      ignored.push(path);
    }
  }
}

async function collectDataset(
  folder: string,
  dataset: string,
  found: Source[],
  ignored: string[],
): Promise<void> {
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    const entry = await stat(path);
    if (entry.isFile() && name.endsWith(SUFFIX)) {
      const key = keyOf(path, dataset, relative(folder, path));
      found.push({ path, dataset, key, size: entry.size });
    } else if (entry.isFile()) {
      ignored.push(path);
    }
  }
}

function inKeyOrder(found: readonly Source[]): Source[] {
  const byKey = new Map<string, Source>();
  for (const source of found) {
    const other = byKey.get(source.key);
    if (other !== undefined && resolve(other.path) !== resolve(source.path)) {
      throw new UsageError(
        `${other.path} and ${source.path} would both become ${source.key}: rename one, or ingest them one after the other`,
      );
    }
    byKey.set(source.key, source);
  }
  return [...byKey.values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}
