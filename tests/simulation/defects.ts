import type { Store, Write } from '../../src/store/store';
import type { Objects } from '../../src/objects/objects';
import type { JobRun } from './lake/job';
import type { Cloud } from './cloud/cloud';
import type { Defect } from './simulate';

/** Known mistakes, each one rule of the batch log less. The simulation must find every one of them. */
export const DEFECTS: Readonly<Record<string, Defect>> = {
  'files are not claimed': inStore((writes) => writes.filter((write) => !sets(write, 'state', 'PLANNED'))),
  'claimed files stay pending': inStore((writes) =>
    writes.filter((write) => write.kind !== 'delete' || write.key.pk !== 'pending'),
  ),
  'the lease is released though files wait': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update'
        ? { ...write, when: (write.when ?? []).filter(({ is }) => is !== 'equalToAttribute') }
        : write,
    ),
  ),
  'arrivals do not count': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update' && sets(write, 'lastArrivedAt') ? { ...write, add: {} } : write,
    ),
  ),
  'files that wait again do not count as arrived': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update' && write.remove?.includes('openEntry') === true ? { ...write, add: {} } : write,
    ),
  ),
  'a file that waits again gets a new sequence': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'put' && write.key.pk === 'pending' && 'isolation' in write.item
        ? { ...write, key: { ...write.key, sk: `9${write.key.sk}` } }
        : write,
    ),
  ),
  'two files may have one sequence': inStore((writes) =>
    writes.filter(({ key }) => !key.pk.startsWith('sequence#')),
  ),
  'nothing asks who holds the lease': inStore((writes) =>
    writes.flatMap((write) => {
      const when = (write.when ?? []).filter(
        ({ attribute }) => attribute !== 'owner' && attribute !== 'fence',
      );
      return write.kind === 'check' ? [] : [{ ...write, when }];
    }),
  ),
  'redriven rows are not booked to their file': inStore((writes) =>
    writes.filter((write) => !sets(write, 'redrivenBy')),
  ),
  'confirmations are not kept': inStore((writes) =>
    writes.filter(({ key }) => !key.pk.startsWith('confirmation#')),
  ),
  'missed orphans are forgotten': inStore((writes) =>
    writes.map((write) => (write.kind === 'update' && sets(write, 'orphans') ? withoutMissed(write) : write)),
  ),
  'an alert that was not sent is forgotten': inStore((writes) =>
    writes.map((write) => {
      if (write.kind !== 'update' || !sets(write, 'unsent')) return write;
      return {
        ...write,
        set: { ...write.set, unsent: undefined },
        remove: [...(write.remove ?? []), 'unsent'],
      };
    }),
  ),
  'verdicts are written again': (cloud) => {
    cloud.lambda.defect = (ports, name) => {
      if (!name.startsWith('checkHeaders')) return ports;
      const { objects } = ports;
      return {
        ...ports,
        objects: {
          ...objects,
          read: (location, limit) =>
            location.key.includes('/verdicts/') ? Promise.resolve(undefined) : objects.read(location, limit),
          writeOnce: async (location, body) => {
            await objects.write(location, body);
            return true;
          },
        },
      };
    };
  },
  'nothing is copied to processing/ before it is read': inObjects((objects) => ({
    ...objects,
    copy: (source, target) =>
      target.key.startsWith('processing/') && source.versionId !== undefined
        ? objects.copy({ bucket: source.bucket, key: source.key }, target)
        : objects.copy(source, target),
  })),
  'a takeover does not stop the runs of its predecessor': (cloud) => {
    cloud.lambda.defect = (ports) => ({
      ...ports,
      runs: { latest: () => Promise.resolve([]), stop: () => Promise.resolve() },
    });
  },
  'nothing sweeps': (cloud) => {
    cloud.queue.sweep = () => undefined;
  },
  'the job writes without markers': inJob('marker'),
  'the job reads the newest version of its tables': inJob('pinned version'),
  'the job does not heed confirmations': inJob('confirmation'),
  'each attempt looks for parents anew': inJob('pinned parents'),
  'settled orphans stay': inJob('settled orphans'),
};

function inJob(...rules: JobRun['without'] extends ReadonlySet<infer Rule> ? Rule[] : never): Defect {
  const without: JobRun['without'] = new Set(rules);
  return (cloud: Cloud) => {
    cloud.glue.without = without;
  };
}

function inStore(change: (writes: readonly Write[]) => readonly Write[]): Defect {
  return (cloud) => {
    cloud.lambda.defect = (ports) => {
      const store: Store = {
        ...ports.store,
        query: (pk) => ports.store.query(pk),
        commit: (writes) => ports.store.commit(change(writes)),
      };
      return { ...ports, store };
    };
  };
}

function inObjects(change: (objects: Objects) => Objects): Defect {
  return (cloud) => {
    cloud.lambda.defect = (ports) => ({ ...ports, objects: change(ports.objects) });
  };
}

function sets(write: Write, attribute: string, to?: unknown): boolean {
  const set = write.kind === 'update' ? write.set : undefined;
  return set !== undefined && attribute in set && (to === undefined || set[attribute] === to);
}

function withoutMissed(write: Write & { kind: 'update' }): Write {
  const orphans = Object.entries(write.set?.['orphans'] as Record<string, object>).map(
    ([dataset, counts]) => [dataset, { ...counts, missed: undefined }] as const,
  );
  return { ...write, set: { ...write.set, orphans: Object.fromEntries(orphans) } };
}
