import { describe, expect, test } from '@jest/globals';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import type { Manifest } from '../../../src/batch/documents';
import { read } from '../../../src/ledger/items';
import { releaseLease } from '../../../src/lease/releaseLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { findFiles, replay } from '../../../src/replay/replay';
import { type Selection, selectionOfFile } from '../../../src/replay/selection';
import { Crash } from '../fakes/faults';
import { runThrough } from '../fakes/runThrough';
import { LANDING, World } from '../fakes/world';
import type { FileItem } from '../../../src/ledger/items';

const everything: Selection[] = [{ by: 'arrival' }];

async function* filesOf(world: World): AsyncIterable<FileItem> {
  await Promise.resolve();
  for (const item of world.store.items.values()) if (item['sk'] === 'file') yield read.file(item);
}

const found = (world: World, ...selections: Selection[]) =>
  findFiles({ files: () => filesOf(world) }, selections);

async function replayAll(world: World, selections = everything): ReturnType<typeof replay> {
  return replay(world, await found(world, ...selections));
}

/** Copies that are kept: no working copies, and not what stands beside a rejected file. */
function kept(world: World): string[] {
  const working = (key: string): boolean => key.startsWith('processing/') || key.endsWith('.reasons.json');
  return world.objects.under(LANDING).filter((key) => !working(key));
}

/** An archived file, a rejected one and one that failed alone. */
async function loaded(): Promise<{ world: World; archived: string; rejected: string; failed: string }> {
  const world = new World();
  world.poison = (dataset) => (dataset === 'products' ? 'RowsUnaccounted' : undefined);
  const [archived, rejected, failed] = await world.arrive(
    'raw/orders/a.csv',
    'raw/nowhere/b.csv',
    'raw/products/c.csv',
  );
  await world.settle();
  world.poison = () => undefined;
  world.time += 60_000;
  return { world, archived: archived!, rejected: rejected!, failed: failed! };
}

describe('a replay', () => {
  test('loads files in every final state again in a new batch, under their old identity and sequence', async () => {
    const { world, archived, rejected, failed } = await loaded();
    const before = await Promise.all([archived, rejected, failed].map((id) => world.file(id)));
    expect(before.map(({ state }) => state)).toEqual(['ARCHIVED', 'REJECTED', 'FAILED']);

    expect(await replayAll(world)).toMatchObject({ busy: [], after: 1 });
    await world.settle();

    const after = await Promise.all([archived, rejected, failed].map((id) => world.file(id)));
    expect(after.map(({ state, batch }) => [state, batch])).toEqual([
      ['ARCHIVED', 2],
      ['REJECTED', 2],
      ['ARCHIVED', 2],
    ]);
    expect(after.map(({ sequence }) => sequence)).toEqual(before.map(({ sequence }) => sequence));
    expect(after[2]?.reasons).toBeUndefined();
    expect(world.merged.filter(({ batch }) => batch === 2).flatMap(({ fileIds }) => fileIds)).toEqual(
      expect.arrayContaining([archived, failed]),
    );
  });

  test('moves each file from where it was kept to its new place: one copy remains, with one document of reasons', async () => {
    const { world, archived, rejected, failed } = await loaded();
    expect(kept(world)).toEqual([
      `archived/orders/batch=1/${archived}-a.csv`,
      'raw/products/c.csv',
      `rejected/unknown/batch=1/${rejected}-b.csv`,
    ]);
    await replayAll(world);
    await world.settle();
    expect(kept(world)).toEqual([
      `archived/orders/batch=2/${archived}-a.csv`,
      `archived/products/batch=2/${failed}-c.csv`,
      `rejected/unknown/batch=2/${rejected}-b.csv`,
    ]);
    expect(world.objects.under(LANDING, 'rejected/').filter((key) => key.endsWith('.json'))).toEqual([
      `rejected/unknown/batch=2/${rejected}-b.csv.reasons.json`,
    ]);
    expect((await world.file(archived)).location).toBe(`archived/orders/batch=2/${archived}-a.csv`);
  });

  test('tells the jobs what is on record of the file, and keeps the moment at which it was first loaded', async () => {
    const { world, archived } = await loaded();
    const { firstLoadedAt } = await world.file(archived);
    for (const batch of [2, 3]) {
      await replayAll(world, [selectionOfFile('raw/orders/a.csv')]);
      const lease = await world.acquire();
      const manifest = world.document((await world.plan(lease)).manifest) as Manifest;
      expect(manifest.files).toMatchObject([
        {
          earlierBatch: batch - 1,
          location: `archived/orders/batch=${batch - 1}/${archived}-a.csv`,
          loaded: { firstAt: firstLoadedAt, rejected: 0, orphaned: 0 },
        },
      ]);
      world.running.delete(lease.owner);
      await world.settle();
    }
    expect(await world.file(archived)).toMatchObject({ batch: 3, firstLoadedAt });
  });

  test('names files that wait or are in the open entry, and leaves them alone', async () => {
    const world = new World();
    await world.arrive('raw/orders/a.csv');
    expect((await replayAll(world)).busy.map(({ state }) => state)).toEqual(['PENDING']);
    const lease = await world.acquire();
    const batch = await world.plan(lease);
    expect((await replayAll(world)).busy.map(({ state }) => state)).toEqual(['PLANNED']);
    const outcomes = await world.load(lease, batch);
    await archiveFiles(world, { lease, batch, chunk: 0, outcomes });
    // archived, but a resume of the open entry would take a pending file for its own
    expect(await replayAll(world)).toMatchObject({ queued: [], busy: [{ state: 'ARCHIVED' }] });
    expect(await world.control()).toMatchObject({ arrived: 1, planned: 1 });
    await publishOutcome(world, { lease, batch, outcomes, validation: [] });
    await releaseLease(world, { lease, backOff: false, announced: true });
    expect((await replayAll(world)).queued).toHaveLength(1);
  });

  test('asked for twice at once queues each file once', async () => {
    const { world } = await loaded();
    const both = await Promise.all([replayAll(world), replayAll(world)]);
    expect(both.flatMap(({ queued }) => queued)).toHaveLength(3);
    await world.settle();
    expect(await world.control()).toMatchObject({ arrived: 6, planned: 6 });
    expect(world.merged.filter(({ batch }) => batch > 1)).toHaveLength(2);
  });

  test('while another execution holds the lease is taken over by it', async () => {
    const { world, archived } = await loaded();
    await world.arrive('raw/orders/next.csv');
    const lease = await world.acquire();
    const batch = await world.plan(lease);
    await replayAll(world, [selectionOfFile('raw/orders/a.csv')]);
    const outcomes = await world.load(lease, batch);
    await archiveFiles(world, { lease, batch, chunk: 0, outcomes });
    await publishOutcome(world, { lease, batch, outcomes, validation: [] });
    expect(await releaseLease(world, { lease, backOff: false, announced: true })).toEqual({
      status: 'HANDED_OVER',
    });
    world.running.delete(lease.owner);
    await world.settle();
    expect(await world.file(archived)).toMatchObject({ state: 'ARCHIVED', batch: 3 });
  });

  test('of a file whose kept copy is gone ends FAILED with an alert', async () => {
    const { world, archived } = await loaded();
    const { location } = await world.file(archived);
    await world.objects.remove({ bucket: LANDING, key: location! });
    await replayAll(world, [selectionOfFile('orders/a.csv')]);
    await world.settle();
    expect(await world.file(archived)).toMatchObject({
      state: 'FAILED',
      reasons: [{ rule: 'SOURCE_GONE' }],
      location,
    });
    expect(world.alerts.at(-1)).toContain('raw/orders/a.csv');
  });

  test('of more files than a transaction holds queues them all', async () => {
    const world = new World();
    await world.arrive(...Array.from({ length: 90 }, (_, n) => `raw/orders/${n}.csv`));
    await world.settle();
    expect((await replayAll(world)).queued).toHaveLength(90);
    await world.settle();
    expect(new Set(Object.values(world.states()))).toEqual(new Set(['ARCHIVED']));
    expect(kept(world)).toHaveLength(90);
  });
});

describe('a replay that is cut at any write', () => {
  /** Asks again when the command died, as somebody would. */
  async function ask(world: World): Promise<void> {
    try {
      await replayAll(world);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await replayAll(world);
    }
    await runThrough(world);
  }

  async function outcome(world: World): Promise<unknown> {
    const { arrived, planned, owner, openEntry } = await world.control();
    const files = [];
    for await (const { key, state, location, firstLoadedAt } of filesOf(world)) {
      files.push({ key, state, location: location?.replace(/batch=\d+/u, 'batch=N'), firstLoadedAt });
    }
    return {
      ...{ drained: arrived === planned, owner, openEntry, files },
      kept: kept(world).map((key) => key.replace(/batch=\d+/u, 'batch=N')),
    };
  }

  test('ends like an undisturbed one: nothing is lost, one copy of each file remains', async () => {
    const undisturbed = (await loaded()).world;
    const before = undisturbed.faults.writes;
    await ask(undisturbed);
    const writes = undisturbed.faults.writes - before;
    const expected = await outcome(undisturbed);
    expect(expected).toMatchObject({ drained: true, owner: undefined, openEntry: undefined });
    expect(writes).toBeGreaterThan(20);
    for (let at = 1; at <= writes; at++) {
      for (const when of ['before', 'after'] as const) {
        const { world } = await loaded();
        world.faults.crashAt(at, when);
        await ask(world);
        expect({ at, when, outcome: await outcome(world) }).toEqual({ at, when, outcome: expected });
      }
    }
  }, 120_000);
});

describe('the files of a replay', () => {
  test('are chosen by key, version, batch, failure or arrival, the oldest first', async () => {
    const { world, failed } = await loaded();
    const [again] = await world.arrive('raw/orders/a.csv');
    await world.settle();
    const keysOf = async (...selections: Selection[]) =>
      (await found(world, ...selections)).map(({ key, batch }) => `${key} ${batch ?? ''}`);
    expect(await keysOf(selectionOfFile('orders/a.csv'))).toEqual([
      'raw/orders/a.csv 1',
      'raw/orders/a.csv 2',
    ]);
    expect(await keysOf(selectionOfFile(`raw/orders/a.csv@${again!}`))).toEqual(['raw/orders/a.csv 2']);
    expect(await keysOf({ by: 'batch', number: 2 })).toEqual(['raw/orders/a.csv 2']);
    expect((await found(world, { by: 'failure' })).map(({ fileId }) => fileId)).toEqual([failed]);
    const second = new Date(world.time);
    expect(await keysOf({ by: 'arrival', from: second })).toEqual(['raw/orders/a.csv 2']);
    expect(await keysOf({ by: 'arrival', to: second })).toHaveLength(3);
    expect(await keysOf({ by: 'arrival' })).toHaveLength(4);
  });
});
