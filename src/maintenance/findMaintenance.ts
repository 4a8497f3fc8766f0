import type { TableToMaintain } from '../../generated/types/documents/manifest';
import { type Table, tables } from '../contract/contracts';
import { readSnapshot } from '../delta/snapshot';
import type { Objects, ObjectVersion } from '../objects/objects';
import { bytesOf, countExpired, partitionsToCompact, type Thresholds } from './need';

export interface MaintenanceSettings extends Thresholds {
  readonly warehouseBucket: string;
  readonly undoDays: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What there is to do, by the logs and the files of the tables: those that need nothing are left out. Writes nothing.
 *
 * @param only the one table to look at; undefined: all.
 */
export async function findMaintenance(
  objects: Pick<Objects, 'read' | 'keys' | 'versions'>,
  settings: MaintenanceSettings,
  now: Date,
  only?: string,
): Promise<TableToMaintain[]> {
  const needy: TableToMaintain[] = [];
  // one after the other: the log of a large table is a good part of a function's memory
  for (const table of tables.filter(({ name }) => only === undefined || name === only)) {
    const need = await needOf(objects, settings, now, table);
    if (need !== undefined && (need.partitions.length > 0 || need.expired > 0)) needy.push(need);
  }
  return needy;
}

async function needOf(
  objects: Pick<Objects, 'read' | 'keys' | 'versions'>,
  settings: MaintenanceSettings,
  now: Date,
  { name, kind }: Table,
): Promise<TableToMaintain | undefined> {
  const { warehouseBucket, undoDays, minFiles } = settings;
  const snapshot = await readSnapshot(objects, warehouseBucket, name);
  if (snapshot === undefined) return undefined;
  const listed: ObjectVersion[] = [];
  for await (const version of objects.versions(warehouseBucket, `${name}/`)) listed.push(version);
  const expired = countExpired(listed, name, snapshot, new Date(now.getTime() - undoDays * DAY_MS));
  return {
    name,
    files: snapshot.files.length,
    bytes: bytesOf(snapshot.files),
    partitions: partitionsToCompact(snapshot.files, settings, kind === 'rows'),
    expired: expired < minFiles ? 0 : expired,
  };
}
