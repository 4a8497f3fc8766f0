import { ask } from '../../../src/ledger/requests';
import { replay } from '../../../src/replay/replay';
import { World } from './world';

export interface Loaded {
  readonly world: World;
  /** File ids in the order in which they came. */
  readonly files: readonly string[];
}

/** Batches 1 to 3 of orders, products beside the second, a refused file beside the third. */
export async function threeBatches(): Promise<Loaded> {
  const world = new World();
  const files: string[] = [];
  for (const keys of [
    ['raw/orders/1.csv'],
    ['raw/orders/2.csv', 'raw/products/2.csv'],
    ['raw/orders/3.csv', 'raw/nowhere/3.csv'],
  ]) {
    files.push(...(await world.arrive(...keys)));
    await world.settle();
    world.time += 60_000;
  }
  return { world, files };
}

/** What `lakehouse rollback` does, but for its look at what would happen. */
export async function rollBack(
  world: World,
  aim: number | { readonly batch: number; readonly dataset: string },
  id = 'request-1',
): Promise<void> {
  const asked = typeof aim === 'number' ? { batch: aim } : aim;
  await ask(world.store, { id, operation: 'rollback', ...asked }, world.now());
  world.started.push('command');
}

/** What `lakehouse replay --batch` does with those of the files that are booked to the batch. */
export async function replayBatch({ world, files }: Loaded, number: number): Promise<void> {
  const items = await Promise.all(files.map((id) => world.file(id)));
  await replay(
    world,
    items.filter(({ batch }) => batch === number),
  );
}
