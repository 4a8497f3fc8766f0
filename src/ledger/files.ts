import type { Reason } from '../../generated/types/documents/fileItem';
import type { Lease } from '../../generated/types/states/lease';
import { ServiceUnavailable } from '../errors';
import type { Store, Write } from '../store/store';
import { type FileItem, keys, type PendingItem, read } from './items';
import { commitUnderLease } from './lease';
import { type Rows, sum } from './rows';

/** Files per transaction: claiming takes two writes each, and a transaction at most 100. */
const FILES_PER_COMMIT = 40;

/** The items of the files that the ledger knows, by fileId. */
export async function readFiles(
  store: Pick<Store, 'getMany'>,
  fileIds: readonly string[],
): Promise<Map<string, FileItem>> {
  const items = await store.getMany(fileIds.map(keys.file));
  return new Map(items.map(read.file).map((file) => [file.fileId, file]));
}

/** The oldest pending files by sequence, at most `limit`. */
export async function pendingFiles(store: Store, limit: number): Promise<PendingItem[]> {
  const pending: PendingItem[] = [];
  for await (const item of store.query('pending')) {
    if (pending.length === limit) break;
    pending.push(read.pending(item));
  }
  return pending;
}

/**
 * Marks the files of an open entry as taken. May be repeated while the entry is open: also files that a half-done
 * publication had set aside already are the entry's again, those that were archived or rejected stay as they are.
 */
export async function claim(
  store: Store,
  lease: Lease,
  batch: number,
  fileIds: readonly string[],
): Promise<void> {
  await inGroups(store, lease, fileIds, (file) =>
    file.state === 'PENDING' || (file.state === 'FAILED' && file.batch === batch)
      ? [
          {
            kind: 'update',
            key: keys.file(file.fileId),
            set: { state: 'PLANNED', batch },
            remove: ['reasons'],
            when: [{ attribute: 'state', is: 'equal', to: file.state }],
          },
          { kind: 'delete', key: keys.pending(file.sequence, file.fileId) },
        ]
      : [],
  );
}

/** Where a file of the batch ended up. */
export interface Settlement {
  readonly fileId: string;
  readonly state: 'ARCHIVED' | 'REJECTED' | 'FAILED' | 'WITHDRAWN';
  readonly reasons?: readonly Reason[];
  /** Key of the copy that was put away; absent when the file stays where it is. */
  readonly location?: string;
  /** When the file was first loaded; absent when it is not loaded. */
  readonly firstLoadedAt?: string;
}

/** Records where files of the batch ended up. */
export async function settle(
  store: Store,
  lease: Lease,
  batch: number,
  settlements: readonly Settlement[],
): Promise<void> {
  const byId = new Map(settlements.map((settlement) => [settlement.fileId, settlement]));
  await inGroups(store, lease, [...byId.keys()], (file) => {
    const settlement = byId.get(file.fileId);
    if (settlement === undefined || file.state === settlement.state) return [];
    const { fileId, ...set } = settlement;
    return [{ kind: 'update', key: keys.file(fileId), set, when: inBatch(file, batch) }];
  });
}

/**
 * Puts files of a failed dataset back among the pending ones under their old sequence, in their isolation group or in
 * none. `arrived` is raised when the entry closes.
 */
export async function putBack(
  store: Store,
  lease: Lease,
  batch: number,
  groups: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  await inGroups(store, lease, [...groups.keys()], (file) => {
    const isolation = groups.get(file.fileId);
    if (file.state === 'PENDING') return [];
    const pending = { fileId: file.fileId, dataset: file.dataset, size: file.size };
    return [
      {
        kind: 'update',
        key: keys.file(file.fileId),
        set: { state: 'PENDING', ...(isolation === undefined ? {} : { isolation }) },
        remove: isolation === undefined ? ['isolation'] : [],
        when: inBatch(file, batch),
      },
      {
        kind: 'put',
        key: keys.pending(file.sequence, file.fileId),
        item: isolation === undefined ? pending : { ...pending, isolation },
      },
    ];
  });
}

/** Dissolves the isolated groups of the dataset that came from `group`: their pending files wait beside all others. */
export async function rejoin(store: Store, lease: Lease, dataset: string, group: string): Promise<void> {
  const pending = await pendingFiles(store, Infinity);
  const isolated = pending.filter(
    (file) => file.dataset === dataset && file.isolation?.startsWith(group) === true,
  );
  const fileIds = isolated.map(({ fileId }) => fileId);
  await inGroups(store, lease, fileIds, (file) => [
    { kind: 'update', key: keys.file(file.fileId), remove: ['isolation'] },
    {
      kind: 'put',
      key: keys.pending(file.sequence, file.fileId),
      item: { fileId: file.fileId, dataset: file.dataset, size: file.size },
    },
  ]);
}

/** Books the row counts of the batch's own files. */
export async function bookRows(
  store: Store,
  lease: Lease,
  batch: number,
  rows: ReadonlyMap<string, Rows>,
): Promise<void> {
  await inGroups(store, lease, [...rows.keys()], (file) => [
    {
      kind: 'update',
      key: keys.file(file.fileId),
      set: { rows: rows.get(file.fileId) },
      when: inBatch(file, batch),
    },
  ]);
}

/** Adds the changes that the batch made to the counts of earlier files, each exactly once. */
export async function bookRedriven(
  store: Store,
  lease: Lease,
  batch: number,
  deltas: ReadonlyMap<string, Rows>,
): Promise<void> {
  await inGroups(store, lease, [...deltas.keys()], (file) => {
    const delta = deltas.get(file.fileId);
    // entries close one after the other, so a greater or equal number means that this one is booked
    if (delta === undefined || file.rows === undefined || (file.redrivenBy ?? 0) >= batch) return [];
    return [
      {
        kind: 'update',
        key: keys.file(file.fileId),
        set: { rows: sum(file.rows, delta), redrivenBy: batch },
        when: [
          file.redrivenBy === undefined
            ? { attribute: 'redrivenBy', is: 'absent' }
            : { attribute: 'redrivenBy', is: 'equal', to: file.redrivenBy },
        ],
      },
    ];
  });
}

/** Replaces the reasons of a rejected file, where they quoted what may not be kept. May be repeated. */
export async function quoteNoMore(
  store: Store,
  lease: Lease,
  fileId: string,
  reasons: readonly Reason[],
): Promise<void> {
  await inGroups(store, lease, [fileId], (file) =>
    file.reasons === undefined
      ? []
      : [
          {
            kind: 'update',
            key: keys.file(fileId),
            set: { reasons },
            when: [{ attribute: 'state', is: 'equal', to: file.state }],
          },
        ],
  );
}

function inBatch({ state }: FileItem, batch: number): NonNullable<Write['when']> {
  return [
    { attribute: 'state', is: 'equal', to: state },
    { attribute: 'batch', is: 'equal', to: batch },
  ];
}

async function inGroups(
  store: Store,
  lease: Lease,
  fileIds: readonly string[],
  change: (file: FileItem) => Write[],
): Promise<void> {
  for (let from = 0; from < fileIds.length; from += FILES_PER_COMMIT) {
    const files = await readFiles(store, fileIds.slice(from, from + FILES_PER_COMMIT));
    const writes = [...files.values()].flatMap(change);
    if (writes.length === 0) continue;
    const commit = await commitUnderLease(store, lease, writes);
    if (!commit.committed) {
      const where = commit.failed.map((index) => writes[index]?.key.pk ?? '?').join(', ');
      throw new ServiceUnavailable(
        `Ledger items changed while they were updated (${where}); it is tried again`,
      );
    }
  }
}
