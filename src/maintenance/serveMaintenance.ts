import type { Operating } from '../../generated/types/states/planBatch';
import { tableVersions } from '../delta/tableVersion';
import type { MaintenanceRequest } from '../../generated/types/documents/requestItem';
import { answer } from '../ledger/requests';
import { openOperation, type Serving } from '../request/openOperation';
import { findMaintenance } from './findMaintenance';

const MINUTE_MS = 60_000;

/**
 * Opens an entry for the maintenance that there is need of, or answers that there is none.
 *
 * @returns undefined when there is none.
 * @throws LeaseLost, InvalidDocument, DocumentMissing, ServiceUnavailable
 */
export async function serveMaintenance(
  serving: Serving,
  request: MaintenanceRequest,
): Promise<Operating | undefined> {
  const { ports, settings, lease } = serving;
  const { store, objects, now, log } = ports;
  const { warehouseBucket, undoDays } = settings;
  const { budgetMinutes, ...thresholds } = settings.maintenance;
  const plannedAt = now();
  const tables = await findMaintenance(
    objects,
    { warehouseBucket, undoDays, ...thresholds },
    plannedAt,
    request.table,
  );
  if (tables.length === 0) {
    log.info('no table needs maintenance', { request: request.id });
    await answer(store, lease, request.id, { state: 'NEEDLESS', reason: NOTHING_TO_DO });
    return undefined;
  }
  const { targetFileBytes, smallBytes } = thresholds;
  const deadline = new Date(plannedAt.getTime() + budgetMinutes * MINUTE_MS).toISOString();
  return openOperation(serving, request, plannedAt, {
    ...{ kind: 'maintenance', tables: await tableVersions(objects, warehouseBucket), confirmations: {} },
    maintenance: { deadline, targetFileBytes, smallBytes, tables },
  });
}

export const NOTHING_TO_DO =
  'Nothing to do: no partition has enough small files, and no table enough files that VACUUM may remove';
