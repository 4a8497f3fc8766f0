import type { FileRecord, Manifest, Rollback } from '../../generated/types/documents/manifest';
import type { Lease } from '../../generated/types/states/lease';
import { ServiceUnavailable } from '../errors';
import type { Store, Write } from '../store/store';
import { confirmations } from './entries';
import { readFiles } from './files';
import { type FileItem, keys } from './items';
import { commitUnderLease } from './lease';

/** Two writes each, and one on the control item: below the 100 of a transaction. */
const FILES_PER_COMMIT = 40;
const WRITES_PER_COMMIT = 90;

/**
 * Gives files the record that they had, and those that are ARCHIVED for a batch that is undone the state that follows: queued
 * ones are PENDING under their old sequence and count as arrived, withdrawn ones are WITHDRAWN. May be repeated: one that
 * somebody has queued meanwhile is not queued twice.
 *
 * @throws LeaseLost; ServiceUnavailable when a file changed meanwhile.
 */
export async function takeBackFiles(
  store: Store,
  lease: Lease,
  { batch, queued, withdrawn, records }: Rollback,
): Promise<void> {
  const fates = new Map<string, 'PENDING' | 'WITHDRAWN'>([
    ...queued.map((fileId) => [fileId, 'PENDING'] as const),
    ...withdrawn.map((fileId) => [fileId, 'WITHDRAWN'] as const),
  ]);
  for (let from = 0; from < records.length; from += FILES_PER_COMMIT) {
    const group = records.slice(from, from + FILES_PER_COMMIT);
    const files = await readFiles(
      store,
      group.map(({ fileId }) => fileId),
    );
    const changes = group.flatMap((record) => {
      const file = files.get(record.fileId);
      const fate = file?.state === 'ARCHIVED' ? fates.get(file.fileId) : undefined;
      return file === undefined ? [] : [{ file, record, fate }];
    });
    const writes = changes.flatMap(({ file, record, fate }) => writesOf(file, record, fate, batch));
    const arrived = changes.filter(({ fate }) => fate === 'PENDING').length;
    if (arrived > 0) writes.push({ kind: 'update', key: keys.control, add: { arrived } });
    const { committed } = await commitUnderLease(store, lease, writes);
    if (!committed)
      throw new ServiceUnavailable('Files changed while their batch was rolled back; it is tried again');
  }
}

function writesOf(
  { fileId, state, batch: last, dataset, size, sequence }: FileItem,
  { firstLoadedAt, rows }: FileRecord,
  fate: 'PENDING' | 'WITHDRAWN' | undefined,
  batch: number,
): Write[] {
  const update: Write = {
    kind: 'update',
    key: keys.file(fileId),
    set: {
      ...(firstLoadedAt === null ? {} : { firstLoadedAt }),
      ...(rows === null ? {} : { rows }),
      ...(fate === undefined ? {} : { state: fate }),
      // a later batch that was withdrawn itself may have had the file: a replay of this one has to find it
      ...(fate === 'WITHDRAWN' ? { batch } : {}),
    },
    remove: [
      ...(firstLoadedAt === null ? ['firstLoadedAt'] : []),
      ...(rows === null ? ['rows'] : []),
      ...(fate === 'PENDING' ? ['isolation'] : []),
    ],
    when: [
      { attribute: 'state', is: 'equal', to: state },
      last === undefined
        ? { attribute: 'batch', is: 'absent' }
        : { attribute: 'batch', is: 'equal', to: last },
    ],
  };
  if (fate !== 'PENDING') return [update];
  return [update, { kind: 'put', key: keys.pending(sequence, fileId), item: { fileId, dataset, size } }];
}

/** Makes the confirmations what they were. May be repeated. */
export async function takeBackConfirmations(
  store: Store,
  lease: Lease,
  { number, confirmations: before }: Manifest,
): Promise<void> {
  const writes: Write[] = [];
  for (const [dataset, wanted] of Object.entries(before)) {
    const now = await confirmations(store, dataset);
    for (const fileId of Object.keys(now))
      if (wanted[fileId] === undefined)
        writes.push({ kind: 'delete', key: keys.confirmation(dataset, fileId) });
    for (const [fileId, sequence] of Object.entries(wanted))
      if (now[fileId] !== sequence)
        writes.push({
          kind: 'put',
          key: keys.confirmation(dataset, fileId),
          item: { sequence, batch: number },
        });
  }
  await inGroups(store, lease, writes);
}

/** Says of the entries that nothing of them is in the tables any more. May be repeated. */
export async function markRolledBack(
  store: Store,
  lease: Lease,
  by: number,
  { undone }: Rollback,
): Promise<void> {
  const writes = undone.map((number): Write => {
    return {
      kind: 'update',
      key: keys.entry(number),
      set: { state: 'ROLLED_BACK', rolledBackBy: by },
      when: [{ attribute: 'kind', is: 'equal', to: 'load' }],
    };
  });
  await inGroups(store, lease, writes);
}

async function inGroups(store: Store, lease: Lease, writes: readonly Write[]): Promise<void> {
  for (let from = 0; from < writes.length; from += WRITES_PER_COMMIT) {
    await commitUnderLease(store, lease, writes.slice(from, from + WRITES_PER_COMMIT));
  }
}
