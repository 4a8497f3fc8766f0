import type { RequestItem } from '../../generated/types/documents/requestItem';
import type { Lease } from '../../generated/types/states/lease';
import type { Operating } from '../../generated/types/states/planBatch';
import { type Manifest, writeManifest } from '../batch/documents';
import { describeBatch } from '../batch/due';
import { type EntryManifest, manifestOf, type PlanSettings } from '../batch/manifest';
import { ServiceUnavailable } from '../errors';
import { ownersOf } from '../gate/withdrawal';
import type { WorkerBounds } from '../job/workers';
import type { Log } from '../lambda/lambda';
import { openEntry } from '../ledger/entries';
import type { ControlItem } from '../ledger/items';
import type { Thresholds } from '../maintenance/need';
import { type Objects, uri } from '../objects/objects';
import type { Store } from '../store/store';

export interface ServingPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly now: () => Date;
  readonly log: Log;
}

export type ServingSettings = PlanSettings & {
  readonly workers: WorkerBounds;
  readonly maintenance: Thresholds & { readonly budgetMinutes: number };
};

/** What it takes to serve a request while no entry is open. */
export interface Serving {
  readonly ports: ServingPorts;
  readonly settings: ServingSettings;
  readonly lease: Lease;
  readonly control: ControlItem;
}

/**
 * Opens an entry that works on tables without a load. The manifest holds all that it does, so it is there before the first
 * table changes.
 *
 * @throws LeaseLost, ServiceUnavailable
 */
export async function openOperation(
  { ports, settings, lease, control }: Serving,
  request: Pick<RequestItem, 'id'>,
  plannedAt: Date,
  entry: EntryManifest,
): Promise<Operating> {
  const { store, objects, log } = ports;
  const manifest = manifestOf(settings, { control, files: [], plannedAt }, entry);
  const { number, kind, rollback, erasure } = manifest;
  const { location, hash } = await writeManifest(objects, manifest);
  const datasets = datasetsOf(manifest) ?? [];
  const opened = await openEntry(store, lease, {
    ...{ number, kind, request: request.id, files: 0, datasets },
    ...(rollback === undefined ? {} : { rollsBack: rollback.batch }),
    ...(erasure === undefined ? {} : { erases: erasure.digest }),
    ...{ manifestKey: location.key, manifestHash: hash },
    ...{ openedAt: manifest.plannedAt, executionArn: lease.owner },
  });
  if (!opened) throw new ServiceUnavailable(`Entry ${number} was opened meanwhile; planning is tried again`);
  log.info('opened', { batch: number, kind, datasets, rollsBack: rollback?.batch });
  const batch = describeBatch(manifest, uri(location), hash, control, settings.workers);
  return { status: 'OPERATING', batch, datasets, validation: [] };
}

/** The datasets whose jobs work on tables without a load; undefined for a load. */
export function datasetsOf({ rollback, maintenance, erasure }: Manifest): string[] | undefined {
  if (erasure !== undefined) return erasure.datasets.map(({ dataset }) => dataset);
  if (rollback !== undefined) return ownersOf(rollback.restore);
  if (maintenance === undefined) return undefined;
  return ownersOf(Object.fromEntries(maintenance.tables.map(({ name }) => [name, true])));
}
