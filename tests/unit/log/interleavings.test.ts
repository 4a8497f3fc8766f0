import { expect, test } from '@jest/globals';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { planBatch } from '../../../src/batch/planBatch';
import { InvalidDocument, LeaseLost, ManifestMismatch } from '../../../src/errors';
import { acquireLease } from '../../../src/lease/acquireLease';
import { releaseLease } from '../../../src/lease/releaseLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { checkHeaders } from '../../../src/verdict/checkHeaders';
import { chunks, World } from '../fakes/world';
import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';

const startedAt = '2025-04-20T12:00:00Z';

async function finish(world: World, lease: Lease, batch: Batch): ReturnType<typeof publishOutcome> {
  const outcomes = await world.load(lease, batch);
  for (const chunk of chunks(batch)) await archiveFiles(world, { lease, batch, chunk, outcomes });
  return publishOutcome(world, { lease, batch, outcomes, validation: [] });
}

test('a file registered between plan and release is handed over, never stranded', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  await world.arrive('raw/orders/b.csv');
  world.started.length = 0;
  await finish(world, lease, batch);
  expect(await releaseLease(world, { lease, backOff: false, announced: true })).toEqual({
    status: 'HANDED_OVER',
  });
  expect(world.started).toEqual(['handover']);
  await world.settle();
  expect(Object.values(world.states())).toEqual(['ARCHIVED', 'ARCHIVED']);
});

test('backing off releases without handing over', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  world.started.length = 0;
  expect(await releaseLease(world, { lease, backOff: true, announced: true })).toEqual({
    status: 'RELEASED',
  });
  expect(world.started).toEqual([]);
});

test('an execution that finds the lease held ends; a successor waits for it', async () => {
  const world = new World();
  const lease = await world.acquire();
  const executionArn = world.newExecution();
  const ask = (trigger: 'arrival' | 'handover') => acquireLease(world, 'jobs-', { executionArn, trigger });
  expect(await ask('arrival')).toEqual({ status: 'HELD', waitSeconds: 0 });
  expect(await ask('handover')).toMatchObject({ status: 'WAIT' });
  await releaseLease(world, { lease, backOff: false, announced: true });
  expect(await ask('handover')).toMatchObject({ status: 'ACQUIRED', lease: { fence: lease.fence + 1 } });
});

test('asking again after a lost answer gives the same lease, and releasing again the same release', async () => {
  const world = new World();
  const executionArn = world.newExecution();
  const ask = () => acquireLease(world, 'jobs-', { executionArn, trigger: 'arrival' });
  const first = await ask();
  expect(await ask()).toEqual(first);
  if (first.status !== 'ACQUIRED') throw new Error(`the first answer was ${first.status}`);
  await releaseLease(world, { lease: first.lease, backOff: false, announced: true });
  expect(await releaseLease(world, { lease: first.lease, backOff: false, announced: true })).toEqual({
    status: 'RELEASED',
  });
});

test('a takeover waits until the runs of the dead holder have stopped', async () => {
  const world = new World();
  const dead = await world.acquire();
  world.running.delete(dead.owner);
  let state = 'RUNNING';
  const stopped: string[] = [];
  const runs = {
    latest: (job: string) => Promise.resolve(job === 'jobs-orders' ? [{ id: 'jr1', state }] : []),
    stop: (job: string, ids: readonly string[]) => {
      stopped.push(`${job}:${ids.join()}`);
      state = 'STOPPING';
      return Promise.resolve();
    },
  };
  const { store, executions, now, log } = world;
  const ports = { store, executions, now, log, runs };
  const executionArn = world.newExecution();
  const ask = () => acquireLease(ports, 'jobs-', { executionArn, trigger: 'arrival' });
  expect(await ask()).toMatchObject({ status: 'WAIT' });
  expect(await ask()).toMatchObject({ status: 'WAIT' });
  expect(stopped).toEqual(['jobs-orders:jr1']);
  state = 'STOPPED';
  expect(await ask()).toMatchObject({
    status: 'ACQUIRED',
    lease: { owner: executionArn, fence: dead.fence + 1 },
  });
});

test('whoever lost the lease can write nothing', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  world.running.delete(lease.owner);
  const taken = await acquireLease(world, 'jobs-', {
    executionArn: world.newExecution(),
    trigger: 'arrival',
  });
  const heir = taken.status === 'ACQUIRED' ? taken.lease : undefined;
  const before = structuredClone([...world.store.items]);
  const archived = world.objects.under('landing', 'archived/');
  const attempts = [
    planBatch(world, world.settings, { lease, startedAt }),
    checkHeaders(world, { lease, batch, chunk: 0 }),
    archiveFiles(world, { lease, batch, chunk: 0, outcomes }),
    publishOutcome(world, { lease, batch, outcomes, validation: [] }),
    releaseLease(world, { lease, backOff: false, announced: true }),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toThrow(LeaseLost);
  expect([...world.store.items]).toEqual(before);
  expect(world.objects.under('landing', 'archived/')).toEqual(archived);
  expect(await world.plan(heir!)).toEqual(batch);
});

test('planning again returns the open entry and claims what was not claimed', async () => {
  const world = new World();
  await world.arrive(...Array.from({ length: 100 }, (_, n) => `raw/orders/${n}.csv`));
  const lease = await world.acquire();
  // the first write of claiming is the third of the plan's ledger writes: copies and manifest come before
  world.faults.crashAt(100 + 1 + 1 + 2, 'before');
  await expect(world.plan(lease)).rejects.toThrow('before write');
  expect(Object.values(world.states()).filter((state) => state === 'PLANNED')).toHaveLength(40);
  await world.arrive('raw/orders/later.csv');
  const batch = await world.plan(lease);
  expect(batch.number).toBe(1);
  expect(Object.values(world.states()).filter((state) => state === 'PLANNED')).toHaveLength(100);
  expect(await world.control()).toMatchObject({ arrived: 101, planned: 100, openEntry: 1, nextNumber: 2 });
});

test('header verdicts stand once they are written', async () => {
  const world = new World();
  const [fileId] = await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const first = await checkHeaders(world, { lease, batch, chunk: 0 });
  expect(first).toEqual({ chunk: 0, accepted: { orders: 1, products: 0, order_items: 0 }, rejected: 0 });
  world.objects.put('landing', `processing/${fileId!}.csv`, 'nothing');
  expect(await checkHeaders(world, { lease, batch, chunk: 0 })).toEqual(first);
});

test('an overwrite of the key after planning changes nothing of the batch', async () => {
  const world = new World();
  const [fileId] = await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  world.upload('raw/orders/a.csv', 'garbage');
  await finish(world, lease, batch);
  expect(await world.file(fileId!)).toMatchObject({ state: 'ARCHIVED' });
  expect(world.objects.text('landing', `archived/orders/batch=1/${fileId!}-a.csv`)).toContain('order_id');
  expect(world.objects.text('landing', 'raw/orders/a.csv')).toBe('garbage');
});

test('a manifest that was changed is refused', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  world.objects.put('artefacts', batch.manifest.slice('s3://artefacts/'.length), '{}');
  await expect(checkHeaders(world, { lease, batch, chunk: 0 })).rejects.toThrow(ManifestMismatch);
  await expect(world.plan(lease)).rejects.toThrow(ManifestMismatch);
});

test('a ledger that counts files nobody can find stops instead of handing over for ever', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  for (const [id, item] of world.store.items) if (item['pk'] === 'pending') world.store.items.delete(id);
  const lease = await world.acquire();
  await expect(world.plan(lease)).rejects.toThrow(InvalidDocument);
});

test('publishing again after a lost answer tells the same and books nothing twice', async () => {
  const world = new World();
  world.poison = () => 'RowsUnaccounted';
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  const publish = () => publishOutcome(world, { lease, batch, outcomes, validation: [] });
  const first = await publish();
  const before = structuredClone([...world.store.items]);
  expect(await publish()).toEqual(first);
  expect([...world.store.items]).toEqual(before);
});

test('what was not announced when the lease was given back is told with the next entry', async () => {
  const world = new World();
  world.poison = (dataset) => (dataset === 'orders' ? 'RowsUnaccounted' : undefined);
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  await finish(world, lease, await world.plan(lease));
  // the answer was lost: the execution ends with an alert of its own
  await releaseLease(world, { lease, backOff: true, announced: false });
  world.poison = () => undefined;
  await world.arrive('raw/orders/b.csv');
  const next = await world.acquire();
  const { alert } = await finish(world, next, await world.plan(next));
  expect(alert?.message).toContain('Not sent earlier');
  expect(alert?.message).toContain('raw/orders/a.csv');
  await releaseLease(world, { lease: next, backOff: false, announced: true });
  const { unsent } = (await world.store.get({ pk: 'control', sk: 'control' })) ?? {};
  expect(unsent).toBeUndefined();
});
