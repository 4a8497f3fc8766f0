import type { HoldItem } from '../../generated/types/documents/holdItem';
import type { Lease } from '../../generated/types/states/lease';
import type { Store } from '../store/store';
import { keys, read } from './items';
import { commitUnderLease } from './lease';

/** The digests of the people who were erased, sorted. */
export async function erasedPeople(store: Pick<Store, 'query'>): Promise<string[]> {
  const digests: string[] = [];
  for await (const item of store.query('tombstone')) digests.push(read.tombstone(item).sk);
  return digests;
}

/** Keeps the person out of the tables from here on. May be repeated. @throws LeaseLost */
export async function bury(
  store: Store,
  lease: Lease,
  { digest, entry, now }: { readonly digest: string; readonly entry: number; readonly now: Date },
): Promise<void> {
  const item = { entry, erasedAt: now.toISOString() };
  await commitUnderLease(store, lease, [{ kind: 'put', key: keys.tombstone(digest), item }]);
}

/** A legal hold. */
export type Hold = Pick<HoldItem, 'reason' | 'since'> & { readonly name: string };

/** The legal holds in force, by name. */
export async function holds(store: Pick<Store, 'query'>): Promise<Hold[]> {
  const found: Hold[] = [];
  for await (const item of store.query('hold')) {
    const { sk, reason, since } = read.hold(item);
    found.push({ name: sk, reason, since });
  }
  return found;
}

/** Puts a hold in force; one of the same name gets the new reason. */
export async function addHold(store: Store, name: string, reason: string, now: Date): Promise<void> {
  const item = { reason, since: now.toISOString() };
  await store.commit([{ kind: 'put', key: keys.hold(name), item }]);
}

/** Ends a hold; false when there is none of this name. */
export async function removeHold(store: Store, name: string): Promise<boolean> {
  const { committed } = await store.commit([
    { kind: 'delete', key: keys.hold(name), when: [{ attribute: 'sk', is: 'equal', to: name }] },
  ]);
  return committed;
}
