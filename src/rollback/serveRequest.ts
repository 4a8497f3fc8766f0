import type { Lease } from '../../generated/types/states/lease';
import type { Restoring } from '../../generated/types/states/planBatch';
import { sha256 } from '../batch/documents';
import { describeBatch } from '../batch/due';
import { manifestOf, type PlanSettings } from '../batch/manifest';
import { ServiceUnavailable } from '../errors';
import { ownersOf } from '../gate/withdrawal';
import type { WorkerBounds } from '../job/workers';
import type { Log } from '../lambda/lambda';
import { openEntry } from '../ledger/entries';
import type { ControlItem, RequestItem } from '../ledger/items';
import { readRequest, refuse } from '../ledger/requests';
import { type Objects, parseUri, uri } from '../objects/objects';
import type { Store } from '../store/store';
import type { RollbackPlan } from './plan';
import { findRollback } from './readLog';
import { RollbackRefused } from './refused';

export interface ServingPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly now: () => Date;
  readonly log: Log;
}

type RollbackSettings = PlanSettings & { readonly workers: WorkerBounds };

/**
 * Opens an entry for the request that waits, while no other is open; or refuses it, so that nothing waits for ever.
 *
 * @returns undefined when none waits, or it was refused.
 * @throws LeaseLost, InvalidDocument, ServiceUnavailable
 */
export async function serveRequest(
  ports: ServingPorts,
  settings: RollbackSettings,
  lease: Lease,
  control: ControlItem,
): Promise<Restoring | undefined> {
  const { store, log } = ports;
  if (control.request === undefined) return undefined;
  const request = await readRequest(store, control.request);
  try {
    const plan = await findRollback(ports, settings, control, request.batch);
    return await open(ports, settings, lease, { control, request, plan });
  } catch (error) {
    if (!(error instanceof RollbackRefused)) throw error;
    log.warn('a rollback is refused', { request: request.id, batch: request.batch, reason: error.message });
    await refuse(store, lease, request.id, error.message);
    return undefined;
  }
}

/** The manifest holds all that the rollback does, so it is there before the first table is restored. */
async function open(
  { store, objects, now, log }: ServingPorts,
  settings: RollbackSettings,
  lease: Lease,
  { control, request, plan }: { control: ControlItem; request: RequestItem; plan: RollbackPlan },
): Promise<Restoring> {
  const { rollback, confirmations, tables } = plan;
  const manifest = manifestOf(
    settings,
    { control, files: [], plannedAt: now() },
    { kind: 'rollback', tables, confirmations, rollback },
  );
  const { number, prefix, plannedAt } = manifest;
  const body = JSON.stringify(manifest);
  const hash = sha256(body);
  const location = parseUri(`${prefix}manifest-${hash}.json`);
  await objects.writeOnce(location, body);
  const datasets = ownersOf(rollback.restore);
  const opened = await openEntry(store, lease, {
    ...{ number, kind: 'rollback', rollsBack: rollback.batch, request: request.id, files: 0, datasets },
    ...{ manifestKey: location.key, manifestHash: hash, openedAt: plannedAt, executionArn: lease.owner },
  });
  if (!opened) throw new ServiceUnavailable(`Entry ${number} was opened meanwhile; planning is tried again`);
  log.info('rolling back', { batch: number, rollsBack: rollback.batch, undone: rollback.undone.length });
  return {
    status: 'RESTORING',
    batch: describeBatch(manifest, uri(location), hash, control, settings.workers),
    datasets,
    validation: [],
  };
}
