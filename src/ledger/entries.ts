import type { Lease } from '../../generated/types/states/lease';
import { InvalidDocument } from '../errors';
import type { Store, Write } from '../store/store';
import { type ControlItem, type EntryItem, type Gate, keys, read } from './items';
import { commitUnderLease } from './lease';

/**
 * The entry with this number.
 *
 * @throws InvalidDocument when there is none.
 */
export async function readEntry(store: Store, number: number): Promise<EntryItem> {
  const item = await store.get(keys.entry(number));
  if (item !== undefined) return read.entry(item);
  throw new InvalidDocument(`The ledger has no entry ${number}; restore the table to a moment when it had`);
}

/** Whether the entry is still worked on. */
export function isOpen({ state }: Pick<EntryItem, 'state'>): boolean {
  return state === 'OPEN' || state === 'WITHDRAWING';
}

/** What an entry is when it is opened. */
export type NewEntry = Omit<EntryItem, 'pk' | 'sk' | 'state' | 'jobRuns'>;

/**
 * Opens an entry: the log moves on by one number, and `files` files count as planned. The request that it serves waits no
 * longer.
 *
 * @returns false when an entry is open already, the number is taken or the request is served; nothing was written then.
 * @throws LeaseLost
 */
export async function openEntry(store: Store, lease: Lease, entry: NewEntry): Promise<boolean> {
  const { request } = entry;
  const { committed } = await commitUnderLease(store, lease, [
    {
      kind: 'put',
      key: keys.entry(entry.number),
      item: { ...entry, state: 'OPEN', jobRuns: 0 },
      when: [{ attribute: 'pk', is: 'absent' }],
    },
    {
      kind: 'update',
      key: keys.control,
      set: { openEntry: entry.number, nextNumber: entry.number + 1 },
      add: { planned: entry.files },
      remove: request === undefined ? [] : ['request'],
      when: [
        { attribute: 'openEntry', is: 'absent' },
        { attribute: 'nextNumber', is: 'equal', to: entry.number },
        ...(request === undefined ? [] : [{ attribute: 'request', is: 'equal', to: request } as const]),
      ],
    },
    ...(request === undefined ? [] : [opened(request, entry.number)]),
  ]);
  return committed;
}

function opened(request: string, entry: number): Write {
  return { kind: 'update', key: keys.request(request), set: { state: 'OPENED', entry } };
}

/**
 * Records on the open entry what the publish gate decided. From a decision to withdraw on the entry is WITHDRAWING.
 *
 * @returns false when the gate has decided already; nothing was written then.
 * @throws LeaseLost
 */
export async function recordGate(
  store: Store,
  lease: Lease,
  number: number,
  gate: Gate,
  validation: NonNullable<EntryItem['validation']>,
): Promise<boolean> {
  const { committed } = await commitUnderLease(store, lease, [
    {
      kind: 'update',
      key: keys.entry(number),
      set: { gate, validation, ...(gate.decision === 'WITHDRAW' ? { state: 'WITHDRAWING' } : {}) },
      when: [
        { attribute: 'state', is: 'equal', to: 'OPEN' },
        { attribute: 'gate', is: 'absent' },
      ],
    },
  ]);
  return committed;
}

/** What is known of an entry when it closes. */
export interface Closing {
  readonly number: number;
  readonly state: 'DONE' | 'FAILED' | 'WITHDRAWN';
  readonly closedAt: string;
  readonly seconds: number;
  readonly jobRuns: number;
  readonly validation: NonNullable<EntryItem['validation']>;
  readonly tables: NonNullable<EntryItem['tables']>;
  readonly orphans: NonNullable<ControlItem['orphans']>;
  readonly maintenance?: NonNullable<EntryItem['maintenance']>;
  readonly certificate?: NonNullable<EntryItem['certificate']>;
  /** Files that are pending again and do not count as arrived yet. */
  readonly returned: number;
  /** The text of the alert to send, kept until it is. */
  readonly alert: string | undefined;
}

/**
 * Closes the open entry; files that it returned count as arrived.
 *
 * @throws LeaseLost
 * @throws InvalidDocument when the entry is not the open one.
 */
export async function closeEntry(store: Store, lease: Lease, closing: Closing): Promise<void> {
  const { number, orphans, returned, alert, ...outcome } = closing;
  const { committed } = await commitUnderLease(store, lease, [
    {
      kind: 'update',
      key: keys.entry(number),
      set: outcome,
      when: [{ attribute: 'state', is: 'equal', to: closing.state === 'WITHDRAWN' ? 'WITHDRAWING' : 'OPEN' }],
    },
    {
      kind: 'update',
      key: keys.control,
      set: { orphans, ...(alert === undefined ? {} : { unsent: { owner: lease.owner, message: alert } }) },
      add: { arrived: returned },
      remove: alert === undefined ? ['openEntry', 'unsent'] : ['openEntry'],
      when: [{ attribute: 'openEntry', is: 'equal', to: number }],
    },
  ]);
  if (!committed)
    throw new InvalidDocument(`Entry ${number} is not the open entry of the ledger, so it cannot be closed`);
}

/** By file that first wrote rows of the dataset: the sequence of the newest file that repeated them alike. */
export async function confirmations(store: Store, dataset: string): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for await (const item of store.query(`confirmation#${dataset}`)) {
    const { sk, sequence } = read.confirmation(item);
    found.push([sk, sequence]);
  }
  return Object.fromEntries(found);
}

/** Records the confirmations of a batch; may be repeated. */
export async function confirm(
  store: Store,
  lease: Lease,
  batch: number,
  dataset: string,
  sequences: Readonly<Record<string, string>>,
): Promise<void> {
  const writes: Write[] = Object.entries(sequences).map(([fileId, sequence]) => ({
    kind: 'put',
    key: keys.confirmation(dataset, fileId),
    item: { sequence, batch },
  }));
  for (let from = 0; from < writes.length; from += 90) {
    await commitUnderLease(store, lease, writes.slice(from, from + 90));
  }
}

/** The error with which an isolated group failed, if it did. */
export async function isolationError(
  store: Store,
  dataset: string,
  group: string,
): Promise<string | undefined> {
  const item = await store.get(keys.isolation(dataset, group));
  return item === undefined ? undefined : read.isolation(item).error;
}

/** Records how an isolated group failed; may be repeated. */
export async function recordIsolationError(
  store: Store,
  lease: Lease,
  failure: { dataset: string; group: string; error: string; batch: number },
): Promise<void> {
  const { dataset, group, error, batch } = failure;
  await commitUnderLease(store, lease, [
    { kind: 'put', key: keys.isolation(dataset, group), item: { error, batch } },
  ]);
}
