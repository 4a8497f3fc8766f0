import type { Manifest } from '../../generated/types/documents/manifest';
import type { Batch } from '../../generated/types/states/batch';
import { datasetNames, isDatasetName, tablesOf } from '../contract/contracts';
import { type WorkerBounds, workersByDataset } from '../job/workers';
import type { ControlItem } from '../ledger/items';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Datasets of which a table had no Delta log when the batch was planned. */
export function uninitialised(manifest: Pick<Manifest, 'tables'>): string[] {
  return datasetNames.filter((name) => tablesOf(name).some((table) => manifest.tables[table.name] == null));
}

/** Datasets with rows that wait for a parent. */
export function orphansDue(control: Pick<ControlItem, 'orphans'>): string[] {
  return waiting(control).map(([dataset]) => dataset);
}

/** Datasets with rows that have waited for more than `maxAgeDays` at `moment`, unless they are held. */
export function expiryDue(control: Pick<ControlItem, 'orphans'>, moment: Date, maxAgeDays: number): string[] {
  const oldest = moment.getTime() - maxAgeDays * DAY_MS;
  return waiting(control)
    .filter(
      ([, { oldestSince, held }]) =>
        held !== true && oldestSince !== null && Date.parse(oldestSince) < oldest,
    )
    .map(([dataset]) => dataset);
}

/** Datasets with rows whose parents may have come in an entry in which their own job failed. */
export function redriveDue(control: Pick<ControlItem, 'orphans'>): string[] {
  return waiting(control)
    .filter(([, { missed, held }]) => held !== true && missed === true)
    .map(([dataset]) => dataset);
}

function waiting({
  orphans = {},
}: Pick<ControlItem, 'orphans'>): [string, NonNullable<ControlItem['orphans']>[string]][] {
  return Object.entries(orphans).filter(([name, counts]) => isDatasetName(name) && counts.waiting > 0);
}

/**
 * What the states are told of the batch of a manifest; the same at every resume, since the log only moves at close. The
 * workers are within the bounds of the stage as it is now: a batch that was too large for them gets more after a deploy.
 */
export function describeBatch(
  manifest: Manifest,
  manifestUri: string,
  manifestHash: string,
  control: Pick<ControlItem, 'orphans'>,
  workers: WorkerBounds,
): Batch {
  const { number, kind, epoch, prefix, chunks, plannedAt, orphanMaxAgeDays, release } = manifest;
  return {
    ...{ number, kind, epoch, manifest: manifestUri, manifestHash, prefix, chunks },
    release: { scriptLocation: release.scriptLocation, extraPyFiles: release.extraPyFiles },
    uninitialised: uninitialised(manifest),
    orphansDue: orphansDue(control),
    expiryDue: expiryDue(control, new Date(plannedAt), orphanMaxAgeDays),
    redriveDue: redriveDue(control),
    workers: workersByDataset(manifest, workers),
  };
}
