import type { Store } from '../../src/store/store';
import { REDRIVE, REPLAY } from './cloud/cloud';
import { inJob, inObjects, inStore, sets, whenRead, withoutMark } from './plant';
import { ROLLBACK_DEFECTS } from './rollbackDefects';
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
    writes.map((write) =>
      write.kind === 'update' && sets(write, 'orphans') ? withoutMark(write, 'missed') : write,
    ),
  ),
  'rows that were withdrawn alone are not held back': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update' && sets(write, 'orphans') ? withoutMark(write, 'held') : write,
    ),
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
  'a replay takes a new sequence': inStore(
    (writes) =>
      writes.map((write) => {
        if (write.kind === 'put' && write.key.pk === 'pending')
          return { ...write, key: { ...write.key, sk: `9${write.key.sk}` } };
        if (write.kind !== 'update' || !sets(write, 'state', 'PENDING')) return write;
        return { ...write, set: { ...write.set, sequence: `9${write.key.pk}` } };
      }),
    REPLAY,
  ),
  'a replay claims files in flight': (cloud) => {
    cloud.lambda.defect = (ports, name) => {
      if (name !== REPLAY) return ports;
      const { store } = ports;
      const getMany: Store['getMany'] = async (keys) =>
        (await store.getMany(keys)).map((item) => ({ ...item, state: 'FAILED', batch: undefined }));
      const commit: Store['commit'] = (writes) =>
        store.commit(writes.map((write) => (write.key.pk === 'control' ? write : { ...write, when: [] })));
      return { ...ports, store: { ...store, query: (pk) => store.query(pk), getMany, commit } };
    };
  },
  'replayed files do not count as arrived': inStore(
    (writes) => writes.map((write) => (write.key.pk === 'control' ? { ...write, add: {} } : write)),
    REPLAY,
  ),
  'a job does not look for what is on record of a replayed file': inJob('record'),
  'a dead letter is removed before it is sent': (cloud) => {
    cloud.lambda.defect = (ports, name) => {
      if (name !== REDRIVE) return ports;
      const { queues } = ports;
      let unsent: (() => Promise<void>) | undefined;
      const send = (url: string, body: string): Promise<void> => {
        unsent = () => queues.send(url, body);
        return Promise.resolve();
      };
      const remove = async (url: string, receipt: string): Promise<void> => {
        await queues.remove(url, receipt);
        await unsent?.();
      };
      return { ...ports, queues: { ...queues, send, remove } };
    };
  },
  'a withdrawal leaves the rejects': inJob('restored rejects'),
  'a withdrawal that is resumed restores twice': inJob('restored once'),
  'the gate decides anew at every attempt': whenRead((item, name) =>
    name.startsWith('judgeBatch') ? { ...item, gate: undefined } : item,
  ),
  'the validation looks at the rows of the batch before': (cloud) => {
    cloud.validated = (batch) => batch - 1;
  },
  'withdrawn files count as archived': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update' && sets(write, 'state', 'WITHDRAWN') && write.key.pk !== 'entry'
        ? { ...write, set: { ...write.set, state: 'ARCHIVED' } }
        : write,
    ),
  ),
  ...ROLLBACK_DEFECTS,
};
