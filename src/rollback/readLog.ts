import pMap from 'p-map';
import { findResult, readManifest } from '../batch/documents';
import { datasetNames, hasOrphans } from '../contract/contracts';
import { missingOf } from '../delta/missingFiles';
import { tableVersions } from '../delta/tableVersion';
import { DocumentMissing, InvalidDocument, ManifestMismatch } from '../errors';
import { readFiles } from '../ledger/files';
import { type ControlItem, type EntryItem, keys, read } from '../ledger/items';
import { type Objects, uri } from '../objects/objects';
import type { Store } from '../store/store';
import { type LogSince, planRollback, type RollbackAim, type RollbackPlan } from './plan';
import type { Booked } from './records';
import { RollbackRefused } from './refused';
import { stands, targetOf } from './target';

export interface RollbackPorts {
  readonly store: Pick<Store, 'getMany'>;
  readonly objects: Pick<Objects, 'read' | 'keys'>;
}

export interface RollbackSettings {
  readonly artefactsBucket: string;
  readonly warehouseBucket: string;
}

const CONCURRENT_READS = 8;

/**
 * Plans a rollback from the log, the documents of the batches and the tables, and writes nothing.
 *
 * @throws RollbackRefused, also when a version to return to cannot be read any more.
 */
export async function findRollback(
  ports: RollbackPorts,
  settings: RollbackSettings,
  { nextNumber }: Pick<ControlItem, 'nextNumber'>,
  aim: RollbackAim,
): Promise<RollbackPlan> {
  const { batch } = aim;
  const numbers = Array.from({ length: Math.max(0, nextNumber - batch) }, (_, index) => batch + index);
  const entries = (await ports.store.getMany(numbers.map(keys.entry))).map(read.entry);
  entries.sort((a, b) => a.number - b.number);
  targetOf(entries, batch);
  const plan = planRollback(await readLog(ports, settings, entries), aim);
  await requireReadable(ports, settings, plan);
  return plan;
}

async function readLog(
  { store, objects }: RollbackPorts,
  settings: RollbackSettings,
  entries: readonly EntryItem[],
): Promise<LogSince> {
  const booked = await pMap(
    entries.filter(stands),
    async (entry) => [entry.number, await bookedBy(objects, settings, entry)] as const,
    { concurrency: CONCURRENT_READS },
  );
  const ids = booked.flatMap(([, { manifest, results }]) => [
    ...manifest.files.map(({ fileId }) => fileId),
    ...results.flatMap(({ redriven }) => redriven.map(({ fileId }) => fileId)),
  ]);
  return {
    entries,
    booked: new Map(booked),
    files: await readFiles(store, [...new Set(ids)]),
    versions: await tableVersions(objects, settings.warehouseBucket),
  };
}

/** @throws RollbackRefused when a document of the batch is gone or damaged: asking again would not help. */
async function bookedBy(
  objects: RollbackPorts['objects'],
  { artefactsBucket }: RollbackSettings,
  { number, manifestKey, manifestHash }: EntryItem,
): Promise<Booked> {
  const manifest = uri({ bucket: artefactsBucket, key: manifestKey });
  const prefix = manifest.slice(0, manifest.lastIndexOf('/') + 1);
  const source = { manifest, manifestHash, number, prefix };
  try {
    const results = datasetNames.filter(hasOrphans).map((name) => findResult(objects, source, name));
    const published = (await Promise.all(results)).filter((result) => result?.status === 'published');
    return {
      manifest: await readManifest(objects, source),
      results: published.filter((result) => result !== undefined),
    };
  } catch (error) {
    if (
      error instanceof DocumentMissing ||
      error instanceof InvalidDocument ||
      error instanceof ManifestMismatch
    )
      throw new RollbackRefused(`What batch ${number} did cannot be read: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

/** @throws RollbackRefused naming every table whose version is gone. */
async function requireReadable(
  { objects }: RollbackPorts,
  { warehouseBucket }: RollbackSettings,
  { rollback: { batch, restore } }: RollbackPlan,
): Promise<void> {
  const gone: string[] = [];
  for (const [table, version] of Object.entries(restore)) {
    const reason = await missingOf(objects, warehouseBucket, table, version);
    if (reason !== undefined)
      gone.push(`version ${version} of ${table} is not available any more: ${reason}`);
  }
  if (gone.length === 0) return;
  throw new RollbackRefused(
    `Batch ${batch} cannot be rolled back: ${gone.join('; ')}. VACUUM and the retention of the log take old versions away; ` +
      'a later batch may still be in reach',
  );
}
