import { ServiceUnavailable } from '../errors';
import type { Store, Write } from '../store/store';
import { readFiles } from './files';
import { type ControlItem, type FileItem, keys } from './items';
import { ensureControl } from './lease';

/** Two writes each, and one on the control item: below the 100 of a transaction. */
const FILES_PER_COMMIT = 40;
const ATTEMPTS = 10;

/** States in which nothing touches a file unless somebody asks for it. */
export const RESTING_STATES = ['ARCHIVED', 'REJECTED', 'FAILED', 'WITHDRAWN'] as const;

/** What became of a request to plan files again. */
export interface Requeued {
  /** Files that are pending now, as they were before. */
  readonly queued: readonly FileItem[];
  /** Files that are pending or in an entry already; nothing was written for them. */
  readonly busy: readonly FileItem[];
}

/**
 * Makes files pending again under their old sequence, together with `arrived`, so that the lease is not released while
 * one waits. A file of the open entry is busy whatever its state says: a resume of the entry would take it for its own.
 *
 * @throws ServiceUnavailable when the ledger keeps changing.
 */
export async function requeue(store: Store, fileIds: readonly string[], now: () => Date): Promise<Requeued> {
  const queued: FileItem[] = [];
  const busy: FileItem[] = [];
  for (let from = 0; from < fileIds.length; from += FILES_PER_COMMIT) {
    const group = await requeueGroup(store, fileIds.slice(from, from + FILES_PER_COMMIT), now);
    queued.push(...group.queued);
    busy.push(...group.busy);
  }
  return { queued, busy };
}

async function requeueGroup(
  store: Store,
  fileIds: readonly string[],
  now: () => Date,
): Promise<{ queued: FileItem[]; busy: FileItem[] }> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const control = await ensureControl(store);
    const files = [...(await readFiles(store, fileIds)).values()];
    const queued = files.filter((file) => isAtRest(file, control));
    const busy = files.filter((file) => !isAtRest(file, control));
    if (queued.length === 0) return { queued, busy };
    const { committed } = await store.commit([
      {
        kind: 'update',
        key: keys.control,
        set: { lastArrivedAt: now().toISOString() },
        add: { arrived: queued.length },
        when: [
          control.openEntry === undefined
            ? { attribute: 'openEntry', is: 'absent' }
            : { attribute: 'openEntry', is: 'equal', to: control.openEntry },
        ],
      },
      ...queued.flatMap(writesOf),
    ]);
    if (committed) return { queued, busy };
  }
  throw new ServiceUnavailable(
    `The ledger changed ${ATTEMPTS} times while ${fileIds.length} files were queued again; repeat the command`,
  );
}

function isAtRest({ state, batch }: FileItem, { openEntry }: ControlItem): boolean {
  const resting: readonly string[] = RESTING_STATES;
  return resting.includes(state) && (openEntry === undefined || batch !== openEntry);
}

function writesOf({ fileId, dataset, size, sequence, state, batch }: FileItem): [Write, Write] {
  return [
    {
      kind: 'update',
      key: keys.file(fileId),
      set: { state: 'PENDING' },
      remove: ['isolation'],
      when: [
        { attribute: 'state', is: 'equal', to: state },
        batch === undefined
          ? { attribute: 'batch', is: 'absent' }
          : { attribute: 'batch', is: 'equal', to: batch },
      ],
    },
    { kind: 'put', key: keys.pending(sequence, fileId), item: { fileId, dataset, size } },
  ];
}
