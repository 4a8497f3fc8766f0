import { describe, expect, test } from '@jest/globals';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { planBatch } from '../../../src/batch/planBatch';
import { LeaseLost } from '../../../src/errors';
import { readEntry } from '../../../src/ledger/entries';
import { judgeBatch } from '../../../src/gate/judgeBatch';
import { acquireLease } from '../../../src/lease/acquireLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { replay } from '../../../src/replay/replay';
import { runThrough } from '../fakes/runThrough';
import { chunks, CSV, LANDING, World } from '../fakes/world';
import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';

const startedAt = '2025-04-20T12:00:00Z';

/** A world with a batch that is fine, and a second one that waits and brings violations: orders, products, a refused file. */
async function prepared(): Promise<World> {
  const world = new World();
  world.violations = (batch) => ({ check: batch === 2 ? 3 : 0 });
  await world.arrive('raw/orders/good.csv', 'raw/products/good.csv');
  await world.settle();
  world.time += 60_000;
  await world.arrive('raw/orders/bad.csv', 'raw/products/beside.csv', 'raw/nowhere/d.csv');
  return world;
}

async function outcome(world: World): Promise<unknown> {
  const { arrived, planned, openEntry, owner, nextNumber, orphans } = await world.control();
  const { state, validation, gate, tables } = await entryOf(world, 2);
  const files = Object.entries(world.states()).sort();
  const rows = await Promise.all(
    [...world.store.items.values()]
      .filter((item) => item['sk'] === 'file')
      .map(async (item) => {
        const file = await world.file(String(item['fileId']));
        return [file.key, file.state, file.rows, file.location ?? null];
      }),
  );
  return {
    ...{ waiting: arrived - planned, openEntry, owner, nextNumber, orphans },
    ...{ state, validation, gate, tables, files, rows: rows.map((row) => JSON.stringify(row)).sort() },
    confirmations: [...world.store.items.keys()].filter((key) => key.startsWith('confirmation')),
    objects: ['raw/', 'archived/', 'rejected/', 'processing/'].map((prefix) =>
      world.objects.under(LANDING, prefix),
    ),
    commits: ['orders', 'products', 'order_items'].map((table) => world.warehouse.commits(table)),
  };
}

const entryOf = (world: World, number: number) => readEntry(world.store, number);

async function take(world: World): Promise<{ lease: Lease; batch: Batch }> {
  const lease = await world.acquire();
  return { lease, batch: await world.plan(lease) };
}

describe('a batch that brings violations', () => {
  test('is taken out of every table it changed; its files stay in raw/, refused ones are put away', async () => {
    const world = await prepared();
    await runThrough(world);
    expect(await outcome(world)).toMatchObject({
      ...{ waiting: 0, openEntry: undefined, owner: undefined, state: 'WITHDRAWN' },
      validation: [{ name: 'check', violations: 3 }],
      gate: { decision: 'WITHDRAW', restore: { orders: 1, products: 1 } },
      commits: [
        ['CREATE', 'WRITE 1', 'WRITE 2', 'RESTORE 2 TO 1'],
        ['CREATE', 'WRITE 1', 'WRITE 2', 'RESTORE 2 TO 1'],
        [],
      ],
      objects: [
        ['raw/orders/bad.csv', 'raw/products/beside.csv'],
        [expect.stringContaining('good.csv'), expect.stringContaining('good.csv')],
        [expect.stringMatching(/-d.csv$/), expect.stringContaining('-d.csv.reasons.json')],
        [],
      ],
      rows: expect.arrayContaining([
        '["raw/orders/bad.csv","WITHDRAWN",null,null]',
        '["raw/products/beside.csv","WITHDRAWN",null,null]',
      ]),
    });
    const { tables, jobRuns } = await entryOf(world, 2);
    expect(tables).toContainEqual({ name: 'orders', version: 3, rows: 0 });
    expect(jobRuns).toBe(4);
    expect(world.alerts.at(-1)).toMatch(/Batch 2 was withdrawn.*\n.*check found 3 violations, 0 before/);
    expect(world.alerts.at(-1)).toContain('lakehouse replay --batch 2');
  });

  test('is told of together with its files that were gone before they could be read', async () => {
    const world = await prepared();
    const [gone] = await world.arrive('raw/products/gone.csv');
    const { key, versionId } = await world.file(gone!);
    await world.objects.remove({ bucket: LANDING, key, versionId });
    await world.settle();
    expect((await entryOf(world, 2)).state).toBe('WITHDRAWN');
    expect((await world.file(gone!)).state).toBe('FAILED');
    expect(world.alerts.at(-1)).toMatch(/File raw\/products\/gone.csv FAILED: This version .* was deleted/);
  });

  test('ends the same way wherever the withdrawal is cut, also when its resume is cut at the same place', async () => {
    const undisturbed = await prepared();
    const before = undisturbed.faults.writes;
    await runThrough(undisturbed);
    const writes = undisturbed.faults.writes - before;
    const expected = await outcome(undisturbed);
    expect(writes).toBeGreaterThan(20);
    for (let at = 1; at <= writes; at++) {
      for (const when of ['before', 'after'] as const) {
        for (const again of [false, true]) {
          const world = await prepared();
          world.faults.crashAt(at, when);
          await runThrough(world, () => {
            if (again) world.faults.crashAt(at, when);
          });
          expect({ at, when, again, outcome: await outcome(world) }).toEqual({
            ...{ at, when, again, outcome: expected },
          });
          world.faults.crashAt(0, 'before');
          await world.arrive('raw/orders/next.csv');
          await runThrough(world);
          expect(world.alerts.join()).toContain('Batch 2 was withdrawn');
          expect(world.warehouse.batchesIn('orders')).toEqual([1, 3]);
        }
      }
    }
  });

  test('goes on being withdrawn when its violations or the policy are gone at the resume', async () => {
    const world = await prepared();
    const { lease, batch } = await take(world);
    const outcomes = await world.load(lease, batch);
    const validation = world.validation(batch);
    await judgeBatch(world, world.gate, { lease, batch, outcomes, validation });
    world.running.delete(lease.owner);
    world.violations = () => ({ check: 0 });
    world.gate = { ...world.gate, onViolation: 'alert' };
    await world.settle();
    expect((await entryOf(world, 2)).state).toBe('WITHDRAWN');
    expect((await entryOf(world, 2)).validation).toEqual(validation);
    expect(world.warehouse.batchesIn('orders')).toEqual([1]);
  });

  test('stays when the gate has let it pass before: its files may be archived by now', async () => {
    const world = await prepared();
    const { lease, batch } = await take(world);
    const outcomes = await world.load(lease, batch);
    const judge = (violations: number) =>
      judgeBatch(world, world.gate, {
        ...{ lease, batch, outcomes, validation: [{ name: 'check', violations }] },
      });
    expect(await judge(0)).toEqual({ status: 'PUBLISH' });
    expect(await judge(3)).toEqual({ status: 'PUBLISH' });
    world.running.delete(lease.owner);
    await world.settle();
    expect((await entryOf(world, 2)).state).toBe('FAILED');
    expect(world.alerts.at(-1)).toContain('check found 3 violations');
  });

  test('loads again by replay under a new number, and a corrected check lets it stay', async () => {
    const world = await prepared();
    await world.settle();
    world.violations = () => ({ check: 0 });
    const withdrawn = await Promise.all(
      [...world.store.items.values()]
        .filter((item) => item['sk'] === 'file' && item['state'] === 'WITHDRAWN')
        .map((item) => world.file(String(item['fileId']))),
    );
    await replay(world, withdrawn);
    await world.settle();
    expect((await entryOf(world, 3)).state).toBe('DONE');
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 3]);
    expect(world.objects.under(LANDING, 'raw/')).toEqual([]);
    for (const { fileId } of withdrawn) expect((await world.file(fileId)).state).toBe('ARCHIVED');
  });

  test('leaves a replayed file as the batch that loaded it before had it', async () => {
    const world = new World();
    const [fileId] = await world.arrive('raw/orders/a.csv');
    world.violations = (batch) => ({ check: batch - 1 });
    await world.settle();
    const loaded = await world.file(fileId!);
    await replay(world, [loaded]);
    await world.settle();
    expect((await entryOf(world, 2)).state).toBe('WITHDRAWN');
    expect(await world.file(fileId!)).toEqual({ ...loaded, batch: 2 });
    expect(world.objects.under(LANDING, 'archived/')).toEqual([loaded.location]);
  });

  test('leaves a loaded file whose header was refused since among the rejected, with its reasons', async () => {
    const world = new World();
    world.violations = () => ({ check: 0 });
    const [fileId] = await world.arrive('raw/orders/a.csv');
    await world.settle();
    const archived = await world.file(fileId!);
    world.objects.put(LANDING, archived.location!, 'not,a,header\n');
    await replay(world, [archived]);
    await world.settle();
    const rejected = await world.file(fileId!);
    expect(rejected.state).toBe('REJECTED');
    world.objects.put(LANDING, rejected.location!, CSV.orders);
    world.violations = () => ({ check: 1 });
    await replay(world, [rejected]);
    await world.settle();
    expect((await entryOf(world, 3)).state).toBe('WITHDRAWN');
    expect(await world.file(fileId!)).toMatchObject({ state: 'REJECTED', location: rejected.location });
    const kept = ['archived/', 'rejected/'].flatMap((folder) => world.objects.under(LANDING, folder));
    expect(kept).toEqual([rejected.location, `${rejected.location}.reasons.json`]);
  });
});

describe('a batch that found violations', () => {
  test('stays when its keys stood twice before it wrote them, and somebody is told', async () => {
    const world = await prepared();
    world.repeated = (dataset) => (dataset === 'orders' ? 2 : undefined);
    world.violations = () => ({ orders_primary_key_unique: 2 });
    await world.settle();
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 2]);
    expect(await entryOf(world, 2)).toMatchObject({
      state: 'FAILED',
      gate: { decision: 'PUBLISH', before: [{ name: 'orders_primary_key_unique', violations: 2 }] },
    });
    expect(world.alerts.at(-1)).toContain('orders_primary_key_unique found 2 violations');
    world.violations = () => ({ orders_primary_key_unique: 3 });
    await world.arrive('raw/orders/worse.csv');
    await world.settle();
    expect((await entryOf(world, 3)).state).toBe('WITHDRAWN');
    expect(world.alerts.at(-1)).toContain('orders_primary_key_unique found 3 violations, 2 before the batch');
  });

  test('answers for them alone, whatever batches or people left in the tables before', async () => {
    const world = await prepared();
    world.gate = { ...world.gate, onViolation: 'alert' };
    await world.settle();
    expect((await entryOf(world, 2)).state).toBe('FAILED');
    world.gate = { ...world.gate, onViolation: 'withdraw' };
    world.warehouse.append('products', 'by hand');
    await world.arrive('raw/orders/next.csv');
    await world.settle();
    expect((await entryOf(world, 3)).state).toBe('DONE');
    world.violations = () => ({ check: 1 });
    await world.arrive('raw/orders/fewer.csv');
    await world.settle();
    expect((await entryOf(world, 4)).state).toBe('WITHDRAWN');
    expect(world.warehouse.batchesIn('orders')).toEqual([1, 2, 3]);
  });

  test('stays when it has changed no table', async () => {
    const world = await prepared();
    const { lease, batch } = await take(world);
    const outcomes = [{ dataset: 'orders', status: 'SKIPPED', attempts: 0 } as const];
    const validation = [{ name: 'check', violations: 3 }];
    expect(await judgeBatch(world, world.gate, { lease, batch, outcomes, validation })).toEqual({
      status: 'PUBLISH',
    });
  });
});

test('whoever lost the lease can judge, restore and close nothing', async () => {
  const world = await prepared();
  const { lease, batch } = await take(world);
  const outcomes = await world.load(lease, batch);
  const event = { lease, batch, outcomes, validation: world.validation(batch) };
  const judged = await judgeBatch(world, world.gate, event);
  expect(judged).toEqual({ status: 'WITHDRAW', datasets: ['orders', 'products'] });
  world.running.delete(lease.owner);
  const heir = await acquireLease(world, 'jobs-', { executionArn: world.newExecution(), trigger: 'arrival' });
  const before = [structuredClone([...world.store.items]), world.warehouse.commits('orders')];
  const restored = [{ dataset: 'orders', status: 'RESTORED', attempts: 1 } as const];
  const attempts = [
    judgeBatch(world, world.gate, event),
    world.restore(lease, batch, ['orders', 'products']),
    ...chunks(batch).map((chunk) => archiveFiles(world, { lease, batch, chunk, outcomes: restored })),
    publishOutcome(world, { ...event, outcomes: restored }),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toThrow(LeaseLost);
  expect([[...world.store.items], world.warehouse.commits('orders')]).toEqual(before);
  if (heir.status !== 'ACQUIRED') throw new Error(`the heir was told ${heir.status}`);
  expect(await planBatch(world, world.settings, { lease: heir.lease, startedAt })).toEqual({
    ...{ status: 'OPERATING', batch, datasets: ['orders', 'products'] },
    validation: [{ name: 'check', violations: 3 }],
  });
});
