import type { RollbackRequest } from '../../generated/types/documents/requestItem';
import type { Operating } from '../../generated/types/states/planBatch';
import { answer } from '../ledger/requests';
import { openOperation, type Serving } from '../request/openOperation';
import { findRollback } from './readLog';
import { RollbackRefused } from './refused';

/**
 * Opens an entry for the rollback, or refuses it.
 *
 * @returns undefined when it was refused.
 * @throws LeaseLost, InvalidDocument, ServiceUnavailable
 */
export async function serveRollback(
  serving: Serving,
  request: RollbackRequest,
): Promise<Operating | undefined> {
  const { ports, settings, lease, control } = serving;
  try {
    const plan = await findRollback(ports, settings, control, request);
    return await openOperation(serving, request, ports.now(), { kind: 'rollback', ...plan });
  } catch (error) {
    if (!(error instanceof RollbackRefused)) throw error;
    const { message: reason } = error;
    ports.log.warn('a rollback is refused', { request: request.id, batch: request.batch, reason });
    await answer(ports.store, lease, request.id, { state: 'REFUSED', reason });
    return undefined;
  }
}
