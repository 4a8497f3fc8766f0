import type { Objects } from '../../../src/objects/objects';
import { type FileItem, keys, read } from '../../../src/ledger/items';
import type { Queues } from '../../../src/redrive/queue';
import type { Item, Store } from '../../../src/store/store';
import type { MemoryStore } from '../../unit/fakes/memoryStore';
import type { Wire } from './faults';
import type { Queue } from './queue';
import type { Actor } from './scheduler';

const NOBODY_ERASED = keys.tombstone('').pk;

/** The ledger's table as one actor reaches it. */
export function storeOf(store: Store, wire: Wire, actor: Actor): Store {
  return {
    get: (key) => wire.call(actor, 'GetItem', () => store.get(key)),
    getMany: (keys) => wire.call(actor, 'BatchGetItem', () => store.getMany(keys)),
    async *query(pk) {
      // Nobody is erased in a history: the question costs no call, so that the histories of seeds on record stay as they were.
      if (pk === NOBODY_ERASED) return;
      yield* await wire.call(actor, 'Query', () => all(store.query(pk)));
    },
    commit: (writes) => wire.call(actor, 'TransactWriteItems', () => store.commit(writes)),
  };
}

/** All files that the ledger knows, as a scan finds them. */
export async function* filesOf(store: MemoryStore, wire: Wire, actor: Actor): AsyncIterable<FileItem> {
  const scan = (): Item[] => [...store.items.values()].filter(({ sk }) => sk === 'file');
  for (const item of await wire.call(actor, 'Scan', scan)) yield read.file(item);
}

/** The buckets as one actor reaches them. */
export function objectsOf(objects: Objects, wire: Wire, actor: Actor): Objects {
  return {
    read: (location, limit) => wire.call(actor, 'GetObject', () => objects.read(location, limit)),
    write: (location, body) => wire.call(actor, 'PutObject', () => objects.write(location, body)),
    writeOnce: (location, body) => wire.call(actor, 'PutObject', () => objects.writeOnce(location, body)),
    copy: (source, target) => wire.call(actor, 'CopyObject', () => objects.copy(source, target)),
    remove: (location) => wire.call(actor, 'DeleteObject', () => objects.remove(location)),
    async *versions(bucket, prefix) {
      yield* await wire.call(actor, 'ListObjectVersions', () => all(objects.versions(bucket, prefix)));
    },
    async *keys(bucket, prefix) {
      yield* await wire.call(actor, 'ListObjectsV2', () => all(objects.keys(bucket, prefix)));
    },
  };
}

/** The dead letter queues, and the arrival queue that their messages go to, as one actor reaches them. */
export function queuesOf(queue: Queue, wire: Wire, actor: Actor): Queues {
  return {
    receive: () => wire.call(actor, 'ReceiveMessage', () => queue.receiveDead()),
    send: (_, body) =>
      wire.call(actor, 'SendMessage', () => {
        queue.sendBody(body);
      }),
    remove: (_, receipt) =>
      wire.call(actor, 'DeleteMessage', () => {
        queue.removeDead(receipt);
      }),
    putBack: () => wire.call(actor, 'ChangeMessageVisibility', () => undefined),
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
