import { DocumentMissing } from '../errors';
import type { Objects } from '../objects/objects';
import { readSnapshot } from './snapshot';

/**
 * Why a version of the Delta table in s3://<warehouse>/<table> cannot be read any more: its log or one of its data files is gone.
 *
 * @returns undefined when all of it is there.
 */
export async function missingOf(
  objects: Pick<Objects, 'keys' | 'read'>,
  warehouse: string,
  table: string,
  version: number,
): Promise<string | undefined> {
  const snapshot = await readSnapshot(objects, warehouse, table, version).catch((error: unknown) => {
    if (error instanceof DocumentMissing) return undefined;
    throw error;
  });
  if (snapshot === undefined) return 'its part of the Delta log is gone';
  if (snapshot.files.length === 0) return undefined;
  const there = new Set<string>();
  for await (const key of objects.keys(warehouse, `${table}/`)) there.add(key);
  // a path is written as in a URL: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#add-file-and-remove-file
  const gone = snapshot.files.filter(({ path }) => !there.has(`${table}/${decodeURIComponent(path)}`));
  return gone.length === 0 ? undefined : `${gone.length} of its ${snapshot.files.length} data files are gone`;
}
