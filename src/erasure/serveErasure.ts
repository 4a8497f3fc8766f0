import type { ErasureRequest } from '../../generated/types/documents/requestItem';
import type { Operating } from '../../generated/types/states/planBatch';
import { tableVersions } from '../delta/tableVersion';
import { answer } from '../ledger/requests';
import { uri } from '../objects/objects';
import { openOperation, type Serving } from '../request/openOperation';
import { keyLocation } from './digest';
import { planErasure } from './plan';
import { ErasureRefused, requireNoHold } from './refused';

/**
 * Opens an entry for the erasure, or refuses it under a legal hold.
 *
 * @returns undefined when it was refused.
 * @throws LeaseLost, InvalidDocument, ServiceUnavailable
 */
export async function serveErasure(
  serving: Serving,
  request: ErasureRequest,
): Promise<Operating | undefined> {
  const { ports, settings, lease } = serving;
  const { store, objects, now, log } = ports;
  const { artefactsBucket, warehouseBucket } = settings;
  try {
    await requireNoHold(store);
  } catch (error) {
    if (!(error instanceof ErasureRefused)) throw error;
    log.warn('an erasure is refused', { request: request.id, reason: error.message });
    await answer(store, lease, request.id, { state: 'REFUSED', reason: error.message });
    return undefined;
  }
  return openOperation(serving, request, now(), {
    ...{ kind: 'erasure', tables: await tableVersions(objects, warehouseBucket), confirmations: {} },
    erasure: planErasure(request.digest, uri(keyLocation(artefactsBucket))),
  });
}
