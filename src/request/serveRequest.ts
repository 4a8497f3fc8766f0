import type { Operating } from '../../generated/types/states/planBatch';
import { serveErasure } from '../erasure/serveErasure';
import { readRequest } from '../ledger/requests';
import { serveMaintenance } from '../maintenance/serveMaintenance';
import { serveRollback } from '../rollback/serveRollback';
import type { Serving } from './openOperation';

/**
 * Opens an entry for the request that waits, while no other is open; or answers it, so that nothing waits for ever.
 *
 * @returns undefined when none waits, or there is nothing to do for it.
 * @throws LeaseLost, InvalidDocument, DocumentMissing, ServiceUnavailable
 */
export async function serveRequest(serving: Serving): Promise<Operating | undefined> {
  const { request: id } = serving.control;
  if (id === undefined) return undefined;
  const request = await readRequest(serving.ports.store, id);
  switch (request.operation) {
    case 'rollback':
      return serveRollback(serving, request);
    case 'maintenance':
      return serveMaintenance(serving, request);
    case 'erasure':
      return serveErasure(serving, request);
  }
}
