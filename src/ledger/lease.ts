import { randomUUID } from 'node:crypto';
import type { Lease } from '../../generated/types/states/lease';
import { LeaseLost } from '../errors';
import type { Commit, Condition, Store, Write } from '../store/store';
import { type ControlItem, heldBy, keys, read } from './items';

/** The control item, created with a new epoch when the ledger is empty. */
export async function ensureControl(store: Store): Promise<ControlItem> {
  const item = await store.get(keys.control);
  if (item !== undefined) return read.control(item);
  // an update, not a put: roles that may only change the control item need no right to put others
  const set = { epoch: randomUUID(), fence: 0, arrived: 0, planned: 0, nextNumber: 1 };
  await store.commit([{ kind: 'update', key: keys.control, set, when: [{ attribute: 'pk', is: 'absent' }] }]);
  return ensureControl(store);
}

/**
 * The control item, read while the lease is ours.
 *
 * @throws LeaseLost when it is not.
 */
export async function requireLease(store: Store, lease: Lease): Promise<ControlItem> {
  const control = await ensureControl(store);
  if (control.owner === lease.owner && control.fence === lease.fence) return control;
  throw new LeaseLost(
    `${lease.owner} held the lease with fence ${lease.fence}; now ${control.owner ?? 'nobody'} holds it with fence ${control.fence}. ` +
      'Nothing was written; the new holder finishes the work.',
  );
}

/**
 * Writes all or nothing on the condition that the lease is ours. When a write changes the control item, the condition
 * joins that write, since a transaction may name an item once.
 *
 * @throws LeaseLost when another holds the lease.
 */
export async function commitUnderLease(
  store: Store,
  lease: Lease,
  writes: readonly Write[],
): Promise<Commit> {
  const onControl = writes.find((write) => write.key.pk === keys.control.pk);
  const guarded: Write[] =
    onControl === undefined
      ? [{ kind: 'check', key: keys.control, when: heldBy(lease) }, ...writes]
      : writes.map((write) =>
          write === onControl ? { ...write, when: [...(write.when ?? []), ...heldBy(lease)] } : write,
        );
  const commit = await store.commit(guarded);
  if (!commit.committed) await requireLease(store, lease);
  if (commit.committed || onControl !== undefined) return commit;
  return { committed: false, failed: commit.failed.map((index) => index - 1) };
}

/** Takes the lease when it is free or already ours; undefined when another holds it. */
export async function acquire(store: Store, owner: string, now: Date): Promise<Lease | undefined> {
  const control = await ensureControl(store);
  if (control.owner === owner) return { owner, fence: control.fence };
  if (control.owner !== undefined) return undefined;
  return setOwner(store, owner, now, control.fence, { attribute: 'owner', is: 'absent' });
}

/** Takes the lease from a holder that has ended; undefined when it has changed hands meanwhile. */
export function takeOver(store: Store, from: Lease, owner: string, now: Date): Promise<Lease | undefined> {
  return setOwner(store, owner, now, from.fence, { attribute: 'owner', is: 'equal', to: from.owner });
}

async function setOwner(
  store: Store,
  owner: string,
  now: Date,
  fence: number,
  expected: { attribute: string; is: 'absent' } | { attribute: string; is: 'equal'; to: string },
): Promise<Lease | undefined> {
  const { committed } = await store.commit([
    {
      kind: 'update',
      key: keys.control,
      set: { owner, ownerSince: now.toISOString(), fence: fence + 1 },
      when: [expected, { attribute: 'fence', is: 'equal', to: fence }],
    },
  ]);
  return committed ? { owner, fence: fence + 1 } : undefined;
}

const DRAINED: readonly Condition[] = [
  { attribute: 'arrived', is: 'equalToAttribute', other: 'planned' },
  { attribute: 'request', is: 'absent' },
];

/**
 * Gives the lease back; with `whenDrained` only if no file has arrived that is not planned and no request waits, atomically. Unless its holder has
 * `announced` it, the alert of the entry that it closed is kept for the next entry.
 *
 * @returns whether the lease is free now.
 * @throws LeaseLost when another holds it. A release that happened before (its answer was lost) counts as done.
 */
export async function release(
  store: Store,
  lease: Lease,
  { whenDrained, announced }: { readonly whenDrained: boolean; readonly announced: boolean },
): Promise<boolean> {
  const { unsent } = await ensureControl(store);
  const { committed } = await store.commit([
    {
      kind: 'update',
      key: keys.control,
      // the alert of a holder that died waits for the next entry
      remove: ['owner', 'ownerSince', ...(announced && unsent?.owner === lease.owner ? ['unsent'] : [])],
      when: [...heldBy(lease), ...(whenDrained ? DRAINED : [])],
    },
  ]);
  if (committed) return true;
  const control = await ensureControl(store);
  if (control.owner === undefined && control.fence === lease.fence) return true;
  await requireLease(store, lease);
  return false;
}
