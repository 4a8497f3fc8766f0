import { ServiceUnavailable } from '../errors';
import type { Store, Write } from '../store/store';
import { readFiles } from './files';
import { keys } from './items';
import { ensureControl } from './lease';

/** A version of an object under raw/, as found when it was detected. */
export interface Arrival {
  readonly fileId: string;
  /** `unknown` when the key lies in no dataset's folder. */
  readonly dataset: string;
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
  /** Place among the versions of the key with the same lastModified, the oldest being 0. */
  readonly order: number;
  readonly size: number;
  readonly etag: string;
}

/** Three writes each, and one on the control item: below the 100 of a transaction. */
const FILES_PER_COMMIT = 25;
const ATTEMPTS = 10;

/**
 * The text that orders files: greater means newer. Fixed when a file is detected; every copy and replay keeps it.
 */
export function sequenceOf(arrival: Pick<Arrival, 'lastModified' | 'order' | 'key'>): string {
  const moment = String(arrival.lastModified.getTime()).padStart(13, '0');
  return `${moment}-${String(arrival.order).padStart(6, '0')}-${arrival.key}`;
}

/**
 * Registers files once: file and pending item together with `arrived`, so that the lease is not released while a file
 * waits.
 *
 * @returns those that were new and how many the ledger knew.
 */
export async function register(
  store: Store,
  arrivals: readonly Arrival[],
  now: Date,
): Promise<{ registered: Arrival[]; known: number }> {
  const distinct = [...new Map(arrivals.map((arrival) => [arrival.fileId, arrival])).values()];
  await ensureControl(store);
  const registered: Arrival[] = [];
  for (let from = 0; from < distinct.length; from += FILES_PER_COMMIT) {
    registered.push(...(await registerGroup(store, distinct.slice(from, from + FILES_PER_COMMIT), now)));
  }
  return { registered, known: arrivals.length - registered.length };
}

async function registerGroup(store: Store, group: readonly Arrival[], now: Date): Promise<Arrival[]> {
  let open = [...group];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const known = await readFiles(
      store,
      open.map(({ fileId }) => fileId),
    );
    open = open.filter(({ fileId }) => !known.has(fileId));
    if (open.length === 0) return [];
    const commit = await store.commit([
      {
        kind: 'update',
        key: keys.control,
        set: { lastArrivedAt: now.toISOString() },
        add: { arrived: open.length },
      },
      ...open.flatMap((arrival) => writesOf(arrival, now)),
    ]);
    if (commit.committed) return open;
    open = open.map((arrival) => moved(arrival, taken(open, commit.failed)));
  }
  throw new ServiceUnavailable(
    `The ledger changed ${ATTEMPTS} times while ${open.length} files were registered`,
  );
}

function writesOf(arrival: Arrival, now: Date): [Write, Write, Write] {
  const { fileId, dataset, key, versionId, size, etag } = arrival;
  const sequence = sequenceOf(arrival);
  const lastModified = arrival.lastModified.toISOString();
  const registeredAt = now.toISOString();
  const fresh = [{ attribute: 'pk', is: 'absent' }] as const;
  return [
    {
      kind: 'put',
      key: keys.file(fileId),
      item: {
        ...{ fileId, dataset, key, versionId, sequence, lastModified, size, etag },
        ...{ state: 'PENDING', registeredAt },
      },
      when: fresh,
    },
    { kind: 'put', key: keys.pending(sequence, fileId), item: { fileId, dataset, size } },
    { kind: 'put', key: keys.sequence(sequence), item: { fileId }, when: fresh },
  ];
}

/**
 * The arrivals whose sequence another file has: an older version of the same second that is gone from raw/ since. Not
 * those that were registered themselves meanwhile: nobody has to make way for them.
 */
function taken(open: readonly Arrival[], failed: readonly number[]): Arrival[] {
  return open.filter((_, index) => {
    const file = 1 + 3 * index;
    return failed.includes(file + 2) && !failed.includes(file);
  });
}

/** The arrival behind every taken one of its key and second. */
function moved(arrival: Arrival, collided: readonly Arrival[]): Arrival {
  const behind = collided.some(
    ({ key, lastModified, order }) =>
      key === arrival.key &&
      lastModified.getTime() === arrival.lastModified.getTime() &&
      order <= arrival.order,
  );
  return behind ? { ...arrival, order: arrival.order + 1 } : arrival;
}
