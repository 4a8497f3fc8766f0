import type { Commit, Condition, Item, Key, Store, Write } from '../../../src/store/store';
import { MAX_WRITES } from '../../../src/store/store';
import { Faults } from './faults';

/**
 * A store with DynamoDB's rules: all or nothing, an item once per transaction, byte order of the sort key. Values are
 * shared, not copied: their types are read-only.
 */
export class MemoryStore implements Store {
  readonly items = new Map<string, Item>();

  constructor(private readonly faults = new Faults()) {}

  async get(key: Key): Promise<Item | undefined> {
    await Promise.resolve();
    const item = this.items.get(idOf(key));
    return item === undefined ? undefined : { ...item };
  }

  async getMany(keys: readonly Key[]): Promise<Item[]> {
    const found = await Promise.all(keys.map((key) => this.get(key)));
    return found.filter((item) => item !== undefined);
  }

  async *query(pk: string): AsyncIterable<Item> {
    await Promise.resolve();
    const items = [...this.items.values()].filter((item) => item['pk'] === pk);
    yield* items.sort((a, b) => Buffer.compare(Buffer.from(String(a['sk'])), Buffer.from(String(b['sk']))));
  }

  async commit(writes: readonly Write[]): Promise<Commit> {
    return this.faults.around(() => this.commitNow(writes));
  }

  private commitNow(writes: readonly Write[]): Commit {
    const ids = writes.map(({ key }) => idOf(key));
    if (writes.length > MAX_WRITES || new Set(ids).size !== ids.length) {
      throw new Error('ValidationException: too many writes, or two on one item');
    }
    const failed = writes.flatMap((write, index) => (this.holds(write) ? [] : [index]));
    if (failed.length > 0) return { committed: false, failed };
    for (const write of writes) this.apply(write);
    return { committed: true };
  }

  private holds({ key, when = [] }: Write): boolean {
    const item = this.items.get(idOf(key)) ?? {};
    return when.every((condition: Condition) => {
      const value = item[condition.attribute];
      if (condition.is === 'absent') return value === undefined;
      return (
        value !== undefined && value === (condition.is === 'equal' ? condition.to : item[condition.other])
      );
    });
  }

  private apply(write: Write): void {
    const id = idOf(write.key);
    if (write.kind === 'put') this.items.set(id, { ...write.item, ...write.key });
    if (write.kind === 'delete') this.items.delete(id);
    if (write.kind !== 'update') return;
    const item: Record<string, unknown> = {
      ...write.key,
      ...this.items.get(id),
      ...write.set,
    };
    for (const [attribute, by] of Object.entries(write.add ?? {}))
      item[attribute] = Number(item[attribute] ?? 0) + by;
    const removed = new Set(write.remove ?? []);
    const left = Object.entries(item).filter(([attribute]) => !removed.has(attribute));
    this.items.set(id, removed.size === 0 ? item : Object.fromEntries(left));
  }
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}
