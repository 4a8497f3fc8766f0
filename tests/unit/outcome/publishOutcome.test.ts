import { expect, test } from '@jest/globals';
import type { JobResult } from '../../../src/batch/documents';
import { RowsUnaccounted } from '../../../src/errors';
import { releaseLease } from '../../../src/lease/releaseLease';
import { confirmations } from '../../../src/ledger/entries';
import { bookRedriven } from '../../../src/ledger/files';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { noRows } from '../../../src/outcome/rows';
import { World } from '../fakes/world';

/** A batch with one order_items file whose job has published; `change` alters its result. */
async function published(world: World, key: string, change: (result: JobResult) => void) {
  const [fileId] = await world.arrive(key);
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  const location = `${batch.prefix.slice('s3://artefacts/'.length)}results/order_items.json`;
  const result = world.document(`s3://artefacts/${location}`) as JobResult;
  change(result);
  world.objects.put('artefacts', location, JSON.stringify(result));
  const publish = (validation: { name: string; violations: number }[] = []) =>
    publishOutcome(world, { lease, batch, outcomes, validation });
  return { fileId: fileId!, lease, batch, publish };
}

test('rows, tables and orphans are booked and the entry closes', async () => {
  const world = new World();
  const { fileId, publish } = await published(world, 'raw/order_items/a.csv', (result) => {
    result.files[0]!.rows = { ...noRows, read: 3, orphaned: 3 };
    result.orphans = { waiting: 3, oldestSince: world.now().toISOString(), expired: 0 };
  });
  expect(await publish([{ name: 'keys', violations: 0 }])).toEqual({
    status: 'DONE',
    backOff: false,
    alert: null,
  });
  expect(await world.file(fileId)).toMatchObject({ rows: { read: 3, orphaned: 3 } });
  const control = await world.control();
  expect(control).toMatchObject({ orphans: { order_items: { waiting: 3 } }, nextNumber: 2 });
  expect(control.openEntry).toBeUndefined();
  expect(await world.store.get({ pk: 'entry', sk: '0000000001' })).toMatchObject({
    state: 'DONE',
    jobRuns: 1,
  });
});

test('an entry tells every table, also those whose job did not run', async () => {
  const world = new World();
  const tables = (names: Record<string, number>) => (result: JobResult) => {
    result.tables = Object.entries(names).map(([name, version]) => ({ name, version, rows: 7, columns: [] }));
  };
  const first = await published(world, 'raw/order_items/a.csv', tables({ order_items: 1, other: 4 }));
  await first.publish();
  await releaseLease(world, { lease: first.lease, backOff: false, announced: true });
  const second = await published(world, 'raw/order_items/b.csv', tables({ order_items: 2 }));
  await second.publish();

  expect(await world.store.get({ pk: 'entry', sk: '0000000002' })).toMatchObject({
    tables: [
      { name: 'order_items', version: 2, rows: 7 },
      { name: 'other', version: 4, rows: 7 },
    ],
  });
});

test('an attempt that is overtaken by an earlier one, whose answer was lost, says what that one had to say', async () => {
  const world = new World();
  const { publish } = await published(world, 'raw/order_items/a.csv', (result) => {
    result.orphans = { waiting: 0, oldestSince: null, expired: 2 };
  });
  const get = world.store.get.bind(world.store);
  let overtaken = false;
  world.store.get = async (key) => {
    if (key.pk === 'entry' && !overtaken) {
      overtaken = true;
      await publish();
    }
    return get(key);
  };

  const retried = await publish();

  expect(overtaken).toBe(true);
  expect(retried.alert?.message).toContain('2 rows of order_items were rejected');
});

test('redriven rows are booked to the file they came from, once for each batch', async () => {
  const world = new World();
  const { fileId, lease, publish } = await published(world, 'raw/order_items/a.csv', (result) => {
    result.files[0]!.rows = { ...noRows, read: 3, orphaned: 3 };
  });
  await publish();
  const delta = new Map([[fileId, { ...noRows, inserted: 2, orphaned: -2 }]]);
  await bookRedriven(world.store, lease, 2, delta);
  await bookRedriven(world.store, lease, 2, delta);
  expect((await world.file(fileId)).rows).toMatchObject({ read: 3, inserted: 2, orphaned: 1 });
  await bookRedriven(world.store, lease, 3, new Map([[fileId, { ...noRows, inserted: 1, orphaned: -1 }]]));
  expect((await world.file(fileId)).rows).toMatchObject({ read: 3, inserted: 3, orphaned: 0 });
});

test.each<[string, (result: JobResult) => void]>([
  ['rows that do not add up', (result) => (result.files[0]!.rows.read = 2)],
  ['a file that is not counted', (result) => (result.files = [])],
  [
    'a file that is both counted and rejected as a whole',
    (result) => (result.rejectedFiles = [{ fileId: result.files[0]!.fileId, reasons: [] }]),
  ],
  [
    'a rejected file of another batch',
    (result) => (result.rejectedFiles = [{ fileId: 'c'.repeat(32), reasons: [] }]),
  ],
  [
    'a redrive that makes rows',
    (result) => (result.redriven = [{ fileId: 'a'.repeat(32), rows: { ...noRows, inserted: 1 } }]),
  ],
])('%s keep the entry open', async (_, change) => {
  const world = new World();
  const { publish } = await published(world, 'raw/order_items/a.csv', change);
  await expect(publish()).rejects.toThrow(RowsUnaccounted);
  expect(await world.control()).toMatchObject({ openEntry: 1 });
});

test('confirmations are kept, and an older one does not replace a newer', async () => {
  const world = new World();
  const origin = 'b'.repeat(32);
  const confirm = (sequence: string) => (result: JobResult) =>
    void (result.confirmations = { [origin]: sequence });
  const first = await published(world, 'raw/order_items/a.csv', confirm('0002'));
  await first.publish();
  world.running.clear();
  const second = await published(world, 'raw/order_items/b.csv', confirm('0001'));
  await second.publish();
  expect(await confirmations(world.store, 'order_items')).toEqual({ [origin]: '0002' });
});

test('violations and expired orphans are told of', async () => {
  const world = new World();
  const { publish } = await published(world, 'raw/order_items/a.csv', (result) => {
    result.orphans = { waiting: 0, oldestSince: null, expired: 4 };
  });
  const outcome = await publish([{ name: 'unique_keys', violations: 2 }]);
  expect(outcome).toMatchObject({ status: 'FAILED', backOff: false });
  expect(outcome.alert?.message).toMatch(
    /unique_keys found 2 violations.\n4 rows of order_items were rejected/,
  );
});

test('a batch finished for an execution that died says so', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const dead = await world.acquire();
  await world.plan(dead);
  world.running.clear();
  await world.settle();
  expect(world.alerts).toEqual([expect.stringContaining(`after ${dead.owner} ended without a report`)]);
});
