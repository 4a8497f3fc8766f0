import { tables } from '../contract/contracts';
import type { Objects } from '../objects/objects';

/** A commit of the Delta log: 20 digits. https://github.com/delta-io/delta/blob/master/PROTOCOL.md#delta-log-entries */
const COMMIT = /\/_delta_log\/(\d{20})\.json$/;

/** The version of the Delta table in s3://<bucket>/<table>; null while it has no log. */
export async function tableVersion(
  objects: Pick<Objects, 'keys'>,
  bucket: string,
  table: string,
): Promise<number | null> {
  let latest: number | null = null;
  for await (const key of objects.keys(bucket, `${table}/_delta_log/`)) {
    const version = COMMIT.exec(key)?.[1];
    if (version !== undefined) latest = Math.max(latest ?? 0, Number(version));
  }
  return latest;
}

/** The versions of all tables. */
export async function tableVersions(
  objects: Pick<Objects, 'keys'>,
  bucket: string,
): Promise<Record<string, number | null>> {
  const versions = tables.map(async ({ name }) => [name, await tableVersion(objects, bucket, name)] as const);
  return Object.fromEntries(await Promise.all(versions));
}
