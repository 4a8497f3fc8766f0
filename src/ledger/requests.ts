import type { Lease } from '../../generated/types/states/lease';
import { InvalidDocument, ServiceUnavailable } from '../errors';
import type { Store } from '../store/store';
import { keys, read, type RequestItem } from './items';
import type {
  ErasureRequest,
  MaintenanceRequest,
  RollbackRequest,
} from '../../generated/types/documents/requestItem';
import { commitUnderLease, ensureControl } from './lease';

const ATTEMPTS = 10;

/** What somebody asks for. */
export type Asked =
  | Pick<RollbackRequest, 'id' | 'operation' | 'batch' | 'dataset'>
  | Pick<MaintenanceRequest, 'id' | 'operation' | 'table'>
  | Pick<ErasureRequest, 'id' | 'operation' | 'digest'>;

/**
 * The request with this id.
 *
 * @throws InvalidDocument when there is none.
 */
export async function readRequest(store: Pick<Store, 'get'>, id: string): Promise<RequestItem> {
  const item = await store.get(keys.request(id));
  if (item !== undefined) return read.request(item);
  throw new InvalidDocument(`The ledger has no request ${id}; restore the table to a moment when it had`);
}

/**
 * Writes a request down, together with the mark on the control item that keeps the lease from being released before it is
 * served. One waits at a time.
 *
 * @returns the request that waits now: this one, or another that was there before.
 * @throws ServiceUnavailable when the ledger keeps changing.
 */
export async function ask(store: Store, asked: Asked, now: Date): Promise<RequestItem> {
  const { id } = asked;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // an earlier attempt's answer may have been lost
    const known = await store.get(keys.request(id));
    if (known !== undefined) return read.request(known);
    const { request } = await ensureControl(store);
    if (request !== undefined) return readRequest(store, request);
    const item = { ...asked, state: 'PENDING', requestedAt: now.toISOString() };
    await store.commit([
      {
        kind: 'update',
        key: keys.control,
        set: { request: id },
        when: [{ attribute: 'request', is: 'absent' }],
      },
      { kind: 'put', key: keys.request(id), item, when: [{ attribute: 'pk', is: 'absent' }] },
    ]);
  }
  throw new ServiceUnavailable(
    `The ledger changed ${ATTEMPTS} times while a request was written; repeat the command`,
  );
}

/**
 * Answers the request that waits with a reason instead of an entry. May be repeated.
 *
 * @throws LeaseLost
 */
export async function answer(
  store: Store,
  lease: Lease,
  id: string,
  { state, reason }: { readonly state: 'REFUSED' | 'NEEDLESS'; readonly reason: string },
): Promise<void> {
  await commitUnderLease(store, lease, [
    {
      kind: 'update',
      key: keys.control,
      remove: ['request'],
      when: [{ attribute: 'request', is: 'equal', to: id }],
    },
    { kind: 'update', key: keys.request(id), set: { state, reason } },
  ]);
}
