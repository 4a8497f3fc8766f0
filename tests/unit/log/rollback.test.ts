import { describe, expect, test } from '@jest/globals';
import { planBatch } from '../../../src/batch/planBatch';
import { LeaseLost } from '../../../src/errors';
import { readEntry } from '../../../src/ledger/entries';
import { keys } from '../../../src/ledger/items';
import { ask, readRequest } from '../../../src/ledger/requests';
import { acquireLease } from '../../../src/lease/acquireLease';
import { releaseLease } from '../../../src/lease/releaseLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { replay } from '../../../src/replay/replay';
import { type Loaded, replayBatch, rollBack, threeBatches } from '../fakes/rolledBack';
import { runThrough } from '../fakes/runThrough';
import { LANDING } from '../fakes/world';

const startedAt = '2025-04-20T12:00:00Z';

async function outcome({ world, files }: Loaded): Promise<unknown> {
  const { arrived, planned, openEntry, owner, nextNumber, request, orphans } = await world.control();
  const numbers = Array.from({ length: nextNumber - 1 }, (_, index) => index + 1);
  const entries = await Promise.all(numbers.map((number) => readEntry(world.store, number)));
  const items = await Promise.all(files.map((id) => world.file(id)));
  return {
    ...{ waiting: arrived - planned, openEntry, owner, nextNumber, request, orphans },
    entries: entries.map(({ number, kind, state, rolledBackBy, rollsBack }) => {
      return { number, kind, state, rolledBackBy, rollsBack };
    }),
    files: items.map(({ key, state, batch, rows, firstLoadedAt, location }) => {
      return { key, state, batch, rows, firstLoadedAt: firstLoadedAt !== undefined, location };
    }),
    objects: ['raw/', 'archived/', 'rejected/'].map((prefix) => world.objects.under(LANDING, prefix)),
    tables: ['orders', 'products'].map((table) => world.warehouse.commits(table)),
  };
}

describe('a rollback of a batch', () => {
  test('returns every table to before it, keeps its files WITHDRAWN where they are, and loads later files again', async () => {
    const { world, files } = await threeBatches();
    const before = await Promise.all(files.map((id) => world.file(id)));
    await rollBack(world, 2);
    await runThrough(world);

    expect(world.warehouse.commits('orders')).toEqual([
      ...['CREATE', 'WRITE 1', 'WRITE 2', 'WRITE 3'],
      ...['RESTORE 4 TO 1', 'WRITE 5'],
    ]);
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 5]);
    expect(world.warehouse.batchesIn('products')).toEqual([]);
    const after = await Promise.all(files.map((id) => world.file(id)));
    expect(after.map(({ state, batch }) => [state, batch])).toEqual([
      ['ARCHIVED', 1],
      ['WITHDRAWN', 2],
      ['WITHDRAWN', 2],
      ['ARCHIVED', 5],
      ['REJECTED', 3],
    ]);
    expect(after.map(({ sequence }) => sequence)).toEqual(before.map(({ sequence }) => sequence));
    expect(after.slice(1, 3).map(({ location }) => location)).toEqual(
      before.slice(1, 3).map(({ location }) => location),
    );
    expect(after.slice(1, 3).map(({ rows, firstLoadedAt }) => [rows, firstLoadedAt])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(await outcome({ world, files })).toMatchObject({
      ...{ waiting: 0, openEntry: undefined, owner: undefined, request: undefined },
      entries: [
        { kind: 'load', state: 'DONE', rolledBackBy: undefined },
        { kind: 'load', state: 'ROLLED_BACK', rolledBackBy: 4 },
        { kind: 'load', state: 'ROLLED_BACK', rolledBackBy: 4 },
        { kind: 'rollback', state: 'DONE', rollsBack: 2 },
        { kind: 'load', state: 'DONE' },
      ],
    });
    expect(await readRequest(world.store, 'request-1')).toMatchObject({ state: 'OPENED', entry: 4 });
    expect(world.alerts).toEqual([
      expect.stringMatching(
        /^Batch 2 was rolled back by entry 4.*\n2 files .*\n1 files of batches 3 load again/,
      ),
    ]);
  });

  test('ends the same way wherever it is cut, and its resume at the same place again', async () => {
    const undisturbed = await threeBatches();
    await rollBack(undisturbed.world, 2);
    const before = undisturbed.world.faults.writes;
    await runThrough(undisturbed.world);
    const writes = undisturbed.world.faults.writes - before;
    const expected = await outcome(undisturbed);
    expect(writes).toBeGreaterThan(15);
    for (let at = 1; at <= writes; at++) {
      for (const when of ['before', 'after'] as const) {
        const { world, files } = await threeBatches();
        await rollBack(world, 2);
        world.faults.crashAt(at, when);
        await runThrough(world, () => {
          world.faults.crashAt(at, when);
        });
        world.faults.crashAt(0, 'before');
        expect({ at, when, outcome: await outcome({ world, files }) }).toEqual({
          at,
          when,
          outcome: expected,
        });
        const told = [...world.alerts, (await world.control()).unsent?.message].join();
        expect(told).toContain('Batch 2 was rolled back');
      }
    }
  });

  test('is undone by a replay of the batch', async () => {
    const { world, files } = await threeBatches();
    await rollBack(world, 2);
    await world.settle();
    await replayBatch({ world, files }, 2);
    await world.settle();
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 5, 6]);
    expect(world.warehouse.batchesIn('products')).toEqual([6]);
    const states = await Promise.all(files.map(async (id) => (await world.file(id)).state));
    expect(states).toEqual(['ARCHIVED', 'ARCHIVED', 'ARCHIVED', 'ARCHIVED', 'REJECTED']);
  });

  test('leaves a file that an earlier batch loaded as that one had it', async () => {
    const { world, files } = await threeBatches();
    const first = await world.file(files[0]!);
    await replay(world, [first]);
    await world.settle();
    await rollBack(world, 4);
    await world.settle();
    const after = await world.file(files[0]!);
    expect(after).toMatchObject({ state: 'ARCHIVED', rows: first.rows, firstLoadedAt: first.firstLoadedAt });
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 2, 3]);
  });

  test('goes back over an earlier rollback, and does not bring back what that one took', async () => {
    const { world, files } = await threeBatches();
    await rollBack(world, 3);
    await world.settle();
    await world.arrive('raw/orders/5.csv');
    await world.settle();
    await rollBack(world, 2, 'request-2');
    await world.settle();
    expect(await outcome({ world, files })).toMatchObject({
      entries: [
        { state: 'DONE' },
        { state: 'ROLLED_BACK', rolledBackBy: 6 },
        { state: 'ROLLED_BACK', rolledBackBy: 4 },
        { state: 'DONE', rollsBack: 3 },
        { state: 'ROLLED_BACK', rolledBackBy: 6 },
        { state: 'DONE', rollsBack: 2 },
        { state: 'DONE' },
      ],
    });
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 7]);
    expect((await world.file(files[3]!)).state).toBe('WITHDRAWN');
  });

  test('comes before the files that wait, and is not overlooked by an execution that is about to end', async () => {
    const { world } = await threeBatches();
    await world.arrive('raw/orders/next.csv');
    await rollBack(world, 3);
    await world.settle();
    expect(await readEntry(world.store, 4)).toMatchObject({ kind: 'rollback' });
    const lease = await world.acquire();
    await ask(world.store, { id: 'late', operation: 'rollback', batch: 1 }, world.now());
    const released = await releaseLease(world, { lease, backOff: false, announced: true });
    expect(released).toEqual({ status: 'HANDED_OVER' });
    world.running.delete(lease.owner);
    await world.settle();
    expect(await readRequest(world.store, 'late')).toMatchObject({ state: 'OPENED', entry: 6 });
  });
});

test('a second request waits for nobody: the one before it is told', async () => {
  const { world } = await threeBatches();
  expect(await ask(world.store, { id: 'a', operation: 'rollback', batch: 2 }, world.now())).toMatchObject({
    id: 'a',
  });
  expect(await ask(world.store, { id: 'b', operation: 'rollback', batch: 3 }, world.now())).toMatchObject({
    id: 'a',
    batch: 2,
  });
  expect(await ask(world.store, { id: 'a', operation: 'rollback', batch: 2 }, world.now())).toMatchObject({
    id: 'a',
  });
  expect(await world.store.get(keys.request('b'))).toBeUndefined();
});

test('whoever lost the lease can serve, restore and close no rollback', async () => {
  const { world } = await threeBatches();
  await rollBack(world, 2);
  const lease = await world.acquire();
  const planned = await planBatch(world, world.settings, { lease, startedAt });
  if (planned.status !== 'OPERATING') throw new Error(`planning answered ${planned.status}`);
  expect(planned.datasets).toEqual(['orders', 'products']);
  const { batch, datasets } = planned;
  world.running.delete(lease.owner);
  const heir = await acquireLease(world, 'jobs-', { executionArn: world.newExecution(), trigger: 'arrival' });
  const before = [structuredClone([...world.store.items]), world.warehouse.commits('orders')];
  const outcomes = datasets.map((dataset) => ({ dataset, status: 'RESTORED', attempts: 1 }) as const);
  const attempts = [
    planBatch(world, world.settings, { lease, startedAt }),
    world.restore(lease, batch, datasets),
    publishOutcome(world, { lease, batch, outcomes, validation: [] }),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toThrow(LeaseLost);
  expect([[...world.store.items], world.warehouse.commits('orders')]).toEqual(before);
  if (heir.status !== 'ACQUIRED') throw new Error(`the heir was told ${heir.status}`);
  expect(await planBatch(world, world.settings, { lease: heir.lease, startedAt })).toEqual(planned);
});
