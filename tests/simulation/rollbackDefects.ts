import type { Write } from '../../src/store/store';
import { inStore, sets } from './plant';
import type { Defect } from './simulate';

/** Known mistakes of rollbacks. */
export const ROLLBACK_DEFECTS: Readonly<Record<string, Defect>> = {
  'a rollback leaves files of later batches as they are': inStore((writes) =>
    takesBack(writes) ? writes.filter(({ key }) => key.pk !== 'pending').map(withoutArrival) : writes,
  ),
  'files of later batches wait again and do not count as arrived': inStore((writes) =>
    takesBack(writes)
      ? writes.map((write) => (write.key.pk === 'control' ? uncounted(write) : write))
      : writes,
  ),
  'a rollback keeps what was on record of its files': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update' && write.remove?.includes('rows') === true ? { ...write, remove: [] } : write,
    ),
  ),
  'a rollback keeps confirmations': inStore((writes) =>
    writes.filter(({ kind, key }) => kind !== 'delete' || !key.pk.startsWith('confirmation#')),
  ),
  'batches that are rolled back count as done': inStore((writes) =>
    writes.filter((write) => !sets(write, 'state', 'ROLLED_BACK')),
  ),
  'the lease is released though a request waits': inStore((writes) =>
    writes.map((write) =>
      write.kind === 'update' && write.remove?.includes('owner') === true
        ? { ...write, when: (write.when ?? []).filter(({ attribute }) => attribute !== 'request') }
        : write,
    ),
  ),
};

/** Whether the transaction queues files whose batch is rolled back: nothing else counts files as arrived and does no more. */
function takesBack(writes: readonly Write[]): boolean {
  return writes.some(
    (write) =>
      write.kind === 'update' &&
      write.key.pk === 'control' &&
      write.set === undefined &&
      'arrived' in (write.add ?? {}),
  );
}

function uncounted(write: Write): Write {
  return write.kind === 'update' ? { ...write, add: {} } : write;
}

function withoutArrival(write: Write): Write {
  if (write.kind !== 'update') return write;
  if (write.key.pk === 'control') return uncounted(write);
  const { state, ...set } = write.set ?? {};
  return state === 'PENDING' ? { ...write, set } : write;
}
