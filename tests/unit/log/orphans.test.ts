import { expect, test } from '@jest/globals';
import { planBatch } from '../../../src/batch/planBatch';
import { keys } from '../../../src/ledger/items';
import { World } from '../fakes/world';

/** A ledger whose orphans of order_items wait. */
async function withOrphans(world: World): Promise<void> {
  const control = await world.control();
  const orphans = { order_items: { waiting: 2, oldestSince: world.now().toISOString() } };
  world.store.items.set(`${keys.control.pk}\n${keys.control.sk}`, { ...control, orphans });
}

test('orphans whose parents came while their own job failed get an entry of their own', async () => {
  const world = new World();
  await withOrphans(world);
  world.poison = (dataset) => (dataset === 'order_items' ? 'RowsUnaccounted' : undefined);
  await world.arrive('raw/orders/a.csv', 'raw/order_items/poison.csv');
  await world.execute();
  expect(Object.values(world.states()).toSorted()).toEqual(['ARCHIVED', 'FAILED']);
  const lease = await world.acquire();
  const planned = await planBatch(world, world.settings, { lease, startedAt: world.now().toISOString() });
  expect(planned).toMatchObject({ status: 'PLANNED', batch: { chunks: 0, redriveDue: ['order_items'] } });
});

test('orphans whose parents did not change are not looked at again', async () => {
  const world = new World();
  await withOrphans(world);
  world.poison = () => 'RowsUnaccounted';
  await world.arrive('raw/order_items/poison.csv');
  await world.execute();
  const lease = await world.acquire();
  const planned = await planBatch(world, world.settings, { lease, startedAt: world.now().toISOString() });
  expect(planned).toEqual({ status: 'NOTHING' });
});
