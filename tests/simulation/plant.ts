import type { Objects } from '../../src/objects/objects';
import type { Item, Store, Write } from '../../src/store/store';
import type { Cloud } from './cloud/cloud';
import type { JobRule } from './lake/run';
import type { Defect } from './simulate';

/** Switches rules of the jobs off. */
export function inJob(...rules: JobRule[]): Defect {
  const without = new Set(rules);
  return (cloud: Cloud) => {
    cloud.glue.without = without;
  };
}

/** Changes what functions write, or what one of them writes. */
export function inStore(change: (writes: readonly Write[]) => readonly Write[], only?: string): Defect {
  return (cloud) => {
    cloud.lambda.defect = (ports, name) => {
      if (only !== undefined && name !== only) return ports;
      const store: Store = {
        ...ports.store,
        query: (pk) => ports.store.query(pk),
        commit: (writes) => ports.store.commit(change(writes)),
      };
      return { ...ports, store };
    };
  };
}

/** Changes the items that functions read one by one. */
export function whenRead(change: (item: Item, name: string) => Item): Defect {
  return (cloud) => {
    cloud.lambda.defect = (ports, name) => {
      const get: Store['get'] = async (key) => {
        const item = await ports.store.get(key);
        return item && change(item, name);
      };
      return { ...ports, store: { ...ports.store, query: (pk) => ports.store.query(pk), get } };
    };
  };
}

/** Changes how functions reach the buckets. */
export function inObjects(change: (objects: Objects) => Objects): Defect {
  return (cloud) => {
    cloud.lambda.defect = (ports) => ({ ...ports, objects: change(ports.objects) });
  };
}

/** Whether the write sets the attribute, to that value if one is given. */
export function sets(write: Write, attribute: string, to?: unknown): boolean {
  const set = write.kind === 'update' ? write.set : undefined;
  return set !== undefined && attribute in set && (to === undefined || set[attribute] === to);
}

/** The write without a mark of orphans: that their parents came meanwhile, or that they are held back. */
export function withoutMark(write: Write & { kind: 'update' }, mark: 'missed' | 'held'): Write {
  const orphans = Object.entries(write.set?.['orphans'] as Record<string, object>).map(
    ([dataset, counts]) => [dataset, { ...counts, [mark]: undefined }] as const,
  );
  return { ...write, set: { ...write.set, orphans: Object.fromEntries(orphans) } };
}
