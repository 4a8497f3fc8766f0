import { describe, expect, test } from '@jest/globals';
import { batchAfter, findRollbackTo } from '../../../src/rollback/batchAfter';
import type { RollbackPlan } from '../../../src/rollback/plan';
import { askForMaintenance, smallLoads } from '../fakes/maintained';
import { rollBack, threeBatches } from '../fakes/rolledBack';
import type { World } from '../fakes/world';

async function planTo(world: World, table: string, version: number): Promise<RollbackPlan['rollback']> {
  const settings = { artefactsBucket: 'artefacts', warehouseBucket: 'warehouse' };
  const plan = await findRollbackTo(world, settings, await world.control(), { table, version });
  return plan.rollback;
}

describe('the batch before which a table was at a version', () => {
  test('is the first that has changed the table since', async () => {
    const { world } = await threeBatches();
    expect(await planTo(world, 'orders', 1)).toMatchObject({ batch: 2, dataset: 'orders', undone: [2, 3] });
    expect(await planTo(world, 'orders', 2)).toMatchObject({ batch: 3, dataset: 'orders', undone: [3] });
    // batch 1 had no products
    expect(await planTo(world, 'products', 0)).toMatchObject({ batch: 2, dataset: 'products' });
  });

  test('is the same for the version that maintenance has made of it, which holds the same rows', async () => {
    const world = await smallLoads(4);
    await askForMaintenance(world);
    await world.settle();
    await world.arrive('raw/orders/5.csv');
    await world.settle();
    expect(world.warehouse.commits('orders')[5]).toMatch(/^OPTIMIZE 5/);
    for (const version of [4, 5])
      expect(await planTo(world, 'orders', version)).toMatchObject({ batch: 6, restore: { orders: 5 } });
  });

  test('is none of those that were rolled back; the nearest versions are named', async () => {
    const { world } = await threeBatches();
    await rollBack(world, 3);
    await world.settle();
    await world.arrive('raw/orders/5.csv');
    await world.settle();
    // 3 is what the rolled back batch wrote, 4 the rollback, 5 the batch after it
    await expect(planTo(world, 'orders', 3)).rejects.toThrow(
      'Version 3 of orders is not where a batch that stands ended. The nearest that are: 1, from which batch 2 went on; ' +
        '4, from which batch 5 went on',
    );
    expect(await planTo(world, 'orders', 4)).toMatchObject({ batch: 5, undone: [5] });
  });

  test('is not there for the newest version, nor for one that the log does not have', async () => {
    const { world } = await threeBatches();
    await expect(planTo(world, 'orders', 3)).rejects.toThrow(/No batch that stands has changed orders since/);
    await expect(planTo(world, 'orders', 9)).rejects.toThrow(
      /has no version 9; see: lakehouse status orders/,
    );
  });

  test('is refused in the middle of a batch of several commits', async () => {
    const { world } = await threeBatches();
    // as if batch 3 had written the table twice
    world.warehouse.append('orders', 'WRITE 3');
    await expect(planTo(world, 'orders', 3)).rejects.toThrow(
      /Version 3 .* nearest that are: 2, from which batch 3/,
    );
  });

  test('is not one of an earlier log that had the same number', () => {
    const commit = (version: number, batch: number): object => ({ version, operation: 'MERGE', batch });
    const commits = [commit(1, 1), commit(2, 2), commit(3, 1), commit(4, 2)] as Parameters<
      typeof batchAfter
    >[0];
    expect(batchAfter(commits, new Set([1, 2]), { table: 'orders', version: 3 })).toBe(2);
  });
});
