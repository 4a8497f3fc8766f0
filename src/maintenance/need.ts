import type { PartitionToCompact } from '../../generated/types/documents/manifest';
import type { DataFile, Snapshot } from '../delta/snapshot';
import type { ObjectVersion } from '../objects/objects';

/** From where on maintenance is worth it. */
export interface Thresholds {
  /** Small files of a partition, or files that VACUUM would remove from a table. */
  readonly minFiles: number;
  /** Size of the files that compaction writes. */
  readonly targetFileBytes: number;
  /** Below it a file is small; half of the target at most, so compaction leaves one such file in a partition at most. */
  readonly smallBytes: number;
}

/**
 * The partitions with at least so many small files, those with most of them first, since the budget may end before the list does.
 *
 * @param keyed whether the table's rows have a key to be put in the order of. They are where that lets readers skip files
 *   (several hold the partition) and costs no more than twice the compaction: it rewrites the large files too.
 */
export function partitionsToCompact(
  files: readonly DataFile[],
  { minFiles, targetFileBytes, smallBytes }: Thresholds,
  keyed: boolean,
): PartitionToCompact[] {
  const partitions = new Map<string, DataFile[]>();
  for (const file of files) {
    const name = JSON.stringify(file.partition);
    const found = partitions.get(name);
    if (found === undefined) partitions.set(name, [file]);
    else found.push(file);
  }
  return [...partitions]
    .flatMap(([name, all]) => {
      const small = all.filter(({ bytes }) => bytes < smallBytes);
      if (small.length < minFiles) return [];
      const bytes = bytesOf(all);
      const zOrder = keyed && bytes > targetFileBytes && 2 * bytesOf(small) >= bytes;
      return [{ name, partition: { values: { ...all[0]?.partition }, files: small.length, bytes, zOrder } }];
    })
    .sort((a, b) => b.partition.files - a.partition.files || (a.name < b.name ? -1 : 1))
    .map(({ partition }) => partition);
}

export function bytesOf(files: readonly Pick<DataFile, 'bytes'>[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A data file of `table`, not of its log or of anything else that begins with an underscore, which VACUUM leaves alone. */
const DATA_FILE = /^[^/]+\/(?!_).*\.parquet$/u;

/**
 * How many files VACUUM would remove: those that are older than `cutoff` and in no version since then.
 *
 * @param listed objects under the table's folder.
 */
export function countExpired(
  listed: readonly Pick<ObjectVersion, 'key' | 'lastModified' | 'isLatest'>[],
  table: string,
  { files, removed }: Snapshot,
  cutoff: Date,
): number {
  // a path is written as in a URL: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#add-file-and-remove-file
  const keyOf = (path: string): string => `${table}/${decodeURIComponent(path)}`;
  const needed = new Set(files.map(({ path }) => keyOf(path)));
  for (const [path, moment] of removed) if (moment >= cutoff.getTime()) needed.add(keyOf(path));
  return listed.filter(
    ({ key, lastModified, isLatest }) =>
      isLatest && lastModified < cutoff && DATA_FILE.test(key) && !needed.has(key),
  ).length;
}
