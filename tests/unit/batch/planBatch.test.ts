import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Manifest } from '../../../src/batch/documents';
import { planBatch } from '../../../src/batch/planBatch';
import { selectFiles } from '../../../src/batch/select';
import { tableVersion } from '../../../src/delta/tableVersion';
import { keys } from '../../../src/ledger/items';
import { settings, World } from '../fakes/world';

const plan = async (world: World, startedAt: Date) =>
  planBatch(world, world.settings, { lease: await world.acquire(), startedAt: startedAt.toISOString() });

test('files settle until nothing has arrived for a while', async () => {
  const world = new World();
  world.settings = { ...settings, settleSeconds: 60, maxSettleSeconds: 900 };
  const startedAt = world.now();
  await world.arrive('raw/orders/a.csv');
  world.time += 45_500;
  const lease = await world.acquire();
  const ask = () => planBatch(world, world.settings, { lease, startedAt: startedAt.toISOString() });
  expect(await ask()).toEqual({ status: 'SETTLING', waitSeconds: 15 });
  await world.arrive('raw/orders/b.csv');
  world.time += 59_000;
  expect(await ask()).toEqual({ status: 'SETTLING', waitSeconds: 1 });
  world.time += 1000;
  expect(await ask()).toMatchObject({ status: 'PLANNED', batch: { number: 1, chunks: 1 } });
});

test('a stream that never pauses is planned after the longest settling', async () => {
  const world = new World();
  world.settings = { ...settings, settleSeconds: 60, maxSettleSeconds: 90 };
  const startedAt = world.now();
  world.time += 89_000;
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const ask = () => planBatch(world, world.settings, { lease, startedAt: startedAt.toISOString() });
  expect(await ask()).toEqual({ status: 'SETTLING', waitSeconds: 1 });
  world.time += 1000;
  expect(await ask()).toMatchObject({ status: 'PLANNED' });
});

test('files that fill an entry are planned while others still come', async () => {
  const world = new World();
  world.settings = { ...settings, settleSeconds: 60, maxSettleSeconds: 900, maxFiles: 2 };
  const startedAt = world.now();
  const lease = await world.acquire();
  const ask = () => planBatch(world, world.settings, { lease, startedAt: startedAt.toISOString() });
  await world.arrive('raw/orders/a.csv');
  expect(await ask()).toEqual({ status: 'SETTLING', waitSeconds: 60 });
  await world.arrive('raw/orders/b.csv');
  expect(await ask()).toMatchObject({ status: 'PLANNED' });
  expect(await world.control()).toMatchObject({ arrived: 2, planned: 2 });
});

test('nothing to do is no entry', async () => {
  const world = new World();
  expect(await plan(world, world.now())).toEqual({ status: 'NOTHING' });
  expect(await world.control()).toMatchObject({ nextNumber: 1 });
});

test('orphans that have waited too long get an entry without files', async () => {
  const world = new World();
  const control = await world.control();
  const oldestSince = new Date(world.time - 30 * 86_400_000).toISOString();
  const orphans = { order_items: { waiting: 2, oldestSince } };
  world.store.items.set(`${keys.control.pk}\n${keys.control.sk}`, { ...control, orphans });
  expect(await plan(world, world.now())).toEqual({ status: 'NOTHING' });
  world.running.clear();
  world.time += 1;
  const planned = await plan(world, world.now());
  expect(planned).toMatchObject({
    batch: { chunks: 0, orphansDue: ['order_items'], expiryDue: ['order_items'] },
  });
});

test('the manifest holds the tables as they were, the release and the files in order', async () => {
  const world = new World();
  world.objects.put('warehouse', 'orders/_delta_log/00000000000000000007.json', '{}');
  world.objects.put('warehouse', 'orders/_delta_log/00000000000000000010.checkpoint.parquet', '');
  await world.arrive('raw/orders/b.csv', 'raw/nowhere/a.csv');
  const planned = await plan(world, world.now());
  if (planned.status !== 'PLANNED') throw new Error(planned.status);
  const manifest = world.document(planned.batch.manifest) as Manifest;
  expect(manifest).toMatchObject({ plannedAt: world.now().toISOString(), release: settings.release });
  expect(manifest.tables).toMatchObject({ orders: 7, orders_rejects: null, products: null });
  expect(manifest.files.map(({ key, dataset }) => [key, dataset])).toEqual([
    ['raw/nowhere/a.csv', null],
    ['raw/orders/b.csv', 'orders'],
  ]);
  expect(planned.batch.uninitialised).toEqual(['orders', 'products', 'order_items']);
});

test('a table without a log has no version', async () => {
  const world = new World();
  world.objects.put('warehouse', 'orders/part-0.parquet', '');
  expect(await tableVersion(world.objects, 'warehouse', 'orders')).toBeNull();
});

const pendingFile = fc.record({
  dataset: fc.constantFrom('orders', 'products'),
  size: fc.nat(100),
  isolation: fc.option(fc.constantFrom('1.0', '1.1', '2.00'), { nil: undefined }),
});

test('a selection keeps to the limits, takes at least one file and never mixes groups', () => {
  const limits = fc.record({
    maxFiles: fc.integer({ min: 1, max: 8 }),
    maxBytes: fc.integer({ min: 1, max: 300 }),
  });
  fc.assert(
    fc.property(
      fc.array(pendingFile, { minLength: 1 }),
      limits,
      fc.integer({ min: 1, max: 9 }),
      (files, most, number) => {
        const pending = files.map(({ isolation, ...file }, index) => ({
          ...{ pk: 'pending', sk: String(index), fileId: String(index), ...file },
          ...(isolation === undefined ? {} : { isolation }),
        }));
        const { fileIds, isolation } = selectFiles(pending, most, number);
        const chosen = fileIds.map((fileId) => pending[Number(fileId)]!);
        expect(chosen.length).toBeGreaterThan(0);
        expect(chosen.length).toBeLessThanOrEqual(most.maxFiles);
        const bytes = chosen.reduce((sum, { size }) => sum + size, 0);
        expect(chosen.length === 1 || bytes <= most.maxBytes).toBe(true);
        for (const file of chosen) expect(file.isolation).toBe(isolation[file.dataset]);
        expect(fileIds.map(Number)).toEqual(fileIds.map(Number).toSorted((a, b) => a - b));
      },
    ),
  );
});
