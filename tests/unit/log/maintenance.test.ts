import { describe, expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { planBatch } from '../../../src/batch/planBatch';
import { LeaseLost } from '../../../src/errors';
import { readEntry } from '../../../src/ledger/entries';
import { ask, readRequest } from '../../../src/ledger/requests';
import { acquireLease } from '../../../src/lease/acquireLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { askForMaintenance, smallLoads } from '../fakes/maintained';
import { rollBack } from '../fakes/rolledBack';
import { runThrough } from '../fakes/runThrough';
import { LANDING, type World } from '../fakes/world';

const startedAt = '2025-04-20T12:00:00Z';

async function outcome(world: World): Promise<unknown> {
  const { arrived, planned, openEntry, owner, nextNumber, request } = await world.control();
  const { kind, state, tables, gate, validation, maintenance } = await readEntry(world.store, 5);
  return {
    ...{ waiting: arrived - planned, openEntry, owner, nextNumber, request },
    ...{ kind, state, tables, gate, validation, maintenance },
    answer: (await readRequest(world.store, 'm')).state,
    commits: world.warehouse.commits('orders'),
  };
}

describe('maintenance', () => {
  test('compacts what needs it as an entry of the log, and says what was done', async () => {
    const world = await smallLoads();
    await askForMaintenance(world);
    await world.settle();
    expect(world.warehouse.commits('orders').slice(-2)).toEqual([
      'WRITE 4',
      'OPTIMIZE 5 {"date":"2025-04-01"}',
    ]);
    expect(world.warehouse.commits('products').at(-1)).toBe('WRITE 1');
    expect(await outcome(world)).toMatchObject({
      ...{ kind: 'maintenance', state: 'DONE', openEntry: undefined, owner: undefined, request: undefined },
      maintenance: [{ name: 'orders', filesBefore: 4, filesAfter: 1, partitionsDone: 1 }],
    });
    const measured = new Map(world.measured.map(({ name, value, dataset }) => [`${name} ${dataset}`, value]));
    expect(measured.get('MaintenanceFilesBefore orders')).toBe(4);
    expect(measured.get('MaintenanceFilesAfter orders')).toBe(1);
    expect(world.alerts).toEqual([]);
  });

  test('is answered without an entry where nothing needs it, and a second time', async () => {
    const world = await smallLoads(3);
    await askForMaintenance(world);
    await world.settle();
    expect(await readRequest(world.store, 'm')).toMatchObject({
      state: 'NEEDLESS',
      reason: expect.stringMatching(/^Nothing to do/),
    });
    const { nextNumber, request } = await world.control();
    expect([nextNumber, request]).toEqual([4, undefined]);

    await world.arrive('raw/orders/4.csv');
    await world.settle();
    for (const id of ['first', 'second']) {
      await askForMaintenance(world, id);
      await world.settle();
    }
    expect((await readRequest(world.store, 'second')).state).toBe('NEEDLESS');
  });

  test('looks only at the table that was named', async () => {
    const world = await smallLoads();
    await askForMaintenance(world, 'm', 'products');
    await world.settle();
    expect((await readRequest(world.store, 'm')).state).toBe('NEEDLESS');
  });

  test('ends the same way wherever it is cut, and its resume at the same place again', async () => {
    const undisturbed = await smallLoads();
    await askForMaintenance(undisturbed);
    const before = undisturbed.faults.writes;
    await runThrough(undisturbed);
    const writes = undisturbed.faults.writes - before;
    expect(writes).toBeGreaterThan(5);
    for (let at = 1; at <= writes; at++) {
      for (const when of ['before', 'after'] as const) {
        const world = await smallLoads();
        await askForMaintenance(world);
        world.faults.crashAt(at, when);
        await runThrough(world, () => {
          world.faults.crashAt(at, when);
        });
        world.faults.crashAt(0, 'before');
        expect({ at, when, outcome: await outcome(world) }).toEqual({
          ...{ at, when },
          outcome: await outcome(undisturbed),
        });
      }
    }
  });

  test('comes before the files that wait, which load after it', async () => {
    const world = await smallLoads();
    await world.arrive('raw/orders/next.csv');
    await askForMaintenance(world);
    await world.settle();
    expect(world.warehouse.commits('orders').slice(-2)).toEqual([
      'OPTIMIZE 5 {"date":"2025-04-01"}',
      'WRITE 6',
    ]);
  });

  test('that fails for a dataset is closed, tells somebody, and keeps no file waiting', async () => {
    const world = await smallLoads();
    world.poison = (_, keys) => (keys.length === 0 ? 'JobInterrupted' : undefined);
    await world.arrive('raw/orders/next.csv');
    await askForMaintenance(world);
    await world.settle();
    expect(await readEntry(world.store, 5)).toMatchObject({ state: 'FAILED', maintenance: [] });
    expect(await readEntry(world.store, 6)).toMatchObject({ kind: 'load', state: 'DONE' });
    expect(world.alerts).toEqual([expect.stringMatching(/tables of orders were not maintained to the end/)]);
  });

  test('is gone over by the rollback of an earlier batch, and is none itself', async () => {
    const world = await smallLoads();
    await askForMaintenance(world);
    await world.settle();
    await rollBack(world, 5, 'of maintenance');
    await world.settle();
    expect(await readRequest(world.store, 'of maintenance')).toMatchObject({
      state: 'REFUSED',
      reason: expect.stringMatching(/^Entry 5 is maintenance/),
    });
    await rollBack(world, 3, 'of a batch');
    await world.settle();
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 2, 7]);
    expect((await readEntry(world.store, 5)).state).toBe('DONE');
  });
});

describe('the schedule', () => {
  test('asks for it once, however often its call is repeated', async () => {
    const world = await smallLoads();
    for (let call = 0; call < 2; call++) await detectArrival(world, LANDING, { maintenance: true });
    await world.settle();
    expect(world.warehouse.commits('orders').filter((commit) => commit.startsWith('OPTIMIZE'))).toHaveLength(
      1,
    );
    expect((await world.control()).nextNumber).toBe(6);
  });

  test('lets a rollback that waits go first', async () => {
    const world = await smallLoads();
    await ask(world.store, { id: 'r', operation: 'rollback', batch: 4 }, world.now());
    await detectArrival(world, LANDING, { maintenance: true });
    await world.settle();
    expect(await readEntry(world.store, 5)).toMatchObject({ kind: 'rollback' });
    expect((await world.control()).request).toBeUndefined();
  });
});

test('whoever lost the lease can serve, compact and close no maintenance', async () => {
  const world = await smallLoads();
  await askForMaintenance(world);
  const lease = await world.acquire();
  const planned = await planBatch(world, world.settings, { lease, startedAt });
  if (planned.status !== 'OPERATING') throw new Error(`planning answered ${planned.status}`);
  const { batch, datasets } = planned;
  expect([batch.kind, datasets]).toEqual(['maintenance', ['orders']]);
  world.running.delete(lease.owner);
  const heir = await acquireLease(world, 'jobs-', { executionArn: world.newExecution(), trigger: 'arrival' });
  if (heir.status !== 'ACQUIRED') throw new Error(`the heir was told ${heir.status}`);
  const before = [structuredClone([...world.store.items]), world.warehouse.commits('orders')];
  const outcomes = datasets.map((dataset) => ({ dataset, status: 'MAINTAINED', attempts: 1 }) as const);
  const attempts = [
    planBatch(world, world.settings, { lease, startedAt }),
    world.maintain(lease, batch, datasets),
    publishOutcome(world, { lease, batch, outcomes, validation: [] }),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toThrow(LeaseLost);
  expect([[...world.store.items], world.warehouse.commits('orders')]).toEqual(before);
  expect(await planBatch(world, world.settings, { lease: heir.lease, startedAt })).toEqual(planned);
});
