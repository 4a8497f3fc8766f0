import { describe, expect, test } from '@jest/globals';
import { readEntry } from '../../../src/ledger/entries';
import { readRequest } from '../../../src/ledger/requests';
import { replay } from '../../../src/replay/replay';
import { replayBatch, rollBack, threeBatches } from '../fakes/rolledBack';
import { runThrough } from '../fakes/runThrough';
import type { World } from '../fakes/world';

async function statesOf(world: World, files: readonly string[]): Promise<Record<string, unknown>> {
  const items = await Promise.all(files.map((id) => world.file(id)));
  return Object.fromEntries(items.map(({ key, state, batch }) => [key.slice(4), `${state} ${batch}`]));
}

describe('a rollback of one dataset', () => {
  test('withdraws its files of every batch since, and loads those of the other datasets again', async () => {
    const { world, files } = await threeBatches();
    await rollBack(world, { batch: 2, dataset: 'orders' });
    await runThrough(world);

    expect(world.warehouse.batchesIn('orders')).toEqual([1]);
    expect(world.warehouse.batchesIn('products')).toEqual([5]);
    expect(await statesOf(world, files)).toEqual({
      'orders/1.csv': 'ARCHIVED 1',
      'orders/2.csv': 'WITHDRAWN 2',
      'orders/3.csv': 'WITHDRAWN 2',
      'products/2.csv': 'ARCHIVED 5',
      'nowhere/3.csv': 'REJECTED 3',
    });
    const entries = await Promise.all([2, 3, 4, 5].map((number) => readEntry(world.store, number)));
    expect(entries.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      ...['load ROLLED_BACK', 'load ROLLED_BACK', 'rollback DONE', 'load DONE'],
    ]);
    expect(world.alerts).toEqual([
      expect.stringMatching(
        /^orders was rolled back by entry 4 to before batch 2.*\n2 files loaded since .*replay --batch 2\n1 files of batches 2, 3 load again/,
      ),
    ]);
  });

  test('is undone by one replay of the batch, whichever batches its files were in', async () => {
    const { world, files } = await threeBatches();
    const before = await Promise.all(files.map((id) => world.file(id)));
    await rollBack(world, { batch: 2, dataset: 'orders' });
    await world.settle();
    await replayBatch({ world, files }, 2);
    await world.settle();

    expect(world.warehouse.batchesIn('orders')).toEqual([1, 6]);
    expect(world.warehouse.batchesIn('products')).toEqual([5]);
    const after = await Promise.all(files.map((id) => world.file(id)));
    expect(after.map(({ state }) => state)).toEqual(before.map(({ state }) => state));
    expect(after.map(({ sequence }) => sequence)).toEqual(before.map(({ sequence }) => sequence));
    expect(after.map(({ rows }) => rows)).toEqual(before.map(({ rows }) => rows));
  });

  test('leaves a file that was loaded before as it was then, though a batch since had it again', async () => {
    const { world, files } = await threeBatches();
    const first = await world.file(files[0]!);
    await replay(world, [first]);
    await world.settle();
    await rollBack(world, { batch: 3, dataset: 'orders' });
    await world.settle();
    expect(await world.file(files[0]!)).toMatchObject({
      ...{ state: 'ARCHIVED', rows: first.rows, firstLoadedAt: first.firstLoadedAt },
    });
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 2]);
  });

  test('ends the same way wherever it is cut, and its resume at the same place again', async () => {
    const undisturbed = await threeBatches();
    await rollBack(undisturbed.world, { batch: 2, dataset: 'orders' });
    const before = undisturbed.world.faults.writes;
    await runThrough(undisturbed.world);
    const writes = undisturbed.world.faults.writes - before;
    const expected = await statesOf(undisturbed.world, undisturbed.files);
    for (let at = 1; at <= writes; at++) {
      const { world, files } = await threeBatches();
      await rollBack(world, { batch: 2, dataset: 'orders' });
      world.faults.crashAt(at, 'after');
      await runThrough(world, () => {
        world.faults.crashAt(at, 'after');
      });
      expect({ at, states: await statesOf(world, files) }).toEqual({ at, states: expected });
      expect(world.warehouse.batchesIn('orders')).toEqual([1]);
      expect(world.warehouse.batchesIn('products')).toEqual([5]);
    }
  });

  test('is refused where none of its files was loaded since: others would bring the same rows again', async () => {
    const { world } = await threeBatches();
    await rollBack(world, { batch: 3, dataset: 'products' });
    await world.settle();
    expect(await readRequest(world.store, 'request-1')).toMatchObject({
      state: 'REFUSED',
      reason: expect.stringMatching(/No file of products has been loaded since batch 3/),
    });
  });
});
