import { ask } from '../../../src/ledger/requests';
import { World } from './world';

/** As many loads of orders as make a partition with enough small files, an hour apart, products beside the first. */
export async function smallLoads(loads = 4): Promise<World> {
  const world = new World();
  await world.arrive('raw/orders/1.csv', 'raw/products/1.csv');
  await world.settle();
  for (let load = 2; load <= loads; load++) {
    world.time += 3_600_000;
    await world.arrive(`raw/orders/${load}.csv`);
    await world.settle();
  }
  return world;
}

/** What `lakehouse maintain` does. */
export async function askForMaintenance(world: World, id = 'm', table?: string): Promise<void> {
  const asked = { id, operation: 'maintenance', ...(table === undefined ? {} : { table }) } as const;
  await ask(world.store, asked, world.now());
  world.started.push('command');
}
