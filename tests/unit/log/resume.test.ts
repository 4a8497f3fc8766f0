import { expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import type { Manifest } from '../../../src/batch/documents';
import { keys } from '../../../src/ledger/items';
import { Crash } from '../fakes/faults';
import { LANDING, settings, World } from '../fakes/world';

test('a plan that is cut in the middle of claiming 1,000 files claims the rest, and nothing that came since', async () => {
  const world = new World();
  world.settings = { ...settings, maxFiles: 1000, filesPerChunk: 200 };
  await world.arrive(...Array.from({ length: 1000 }, (_, n) => `raw/orders/${n}.csv`));
  const lease = await world.acquire();
  // behind 1,000 copies, the manifest, the entry and eight transactions of 40 files
  world.faults.crashAt(1000 + 1 + 1 + 9, 'before');
  await expect(world.plan(lease)).rejects.toThrow(Crash);
  const planned = (): number => Object.values(world.states()).filter((state) => state === 'PLANNED').length;
  expect(planned()).toBe(320);
  await world.arrive('raw/orders/later.csv');
  const batch = await world.plan(lease);
  expect([batch.number, batch.chunks, planned()]).toEqual([1, 5, 1000]);
  expect(await world.control()).toMatchObject({ arrived: 1001, planned: 1000, openEntry: 1 });
});

test('an attempt after a deploy keeps the release and the terms that the batch was planned with', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const dead = await world.acquire();
  const planned = await world.plan(dead);
  world.running.delete(dead.owner);
  const release = {
    scriptLocation: 's3://code/new.py',
    extraPyFiles: 's3://code/new.zip',
    contractHash: 'b',
  };
  world.settings = { ...settings, release, orphanMaxAgeDays: 1, stage: 'prod' };
  expect(await world.plan(await world.acquire())).toEqual(planned);
  expect(world.document(planned.manifest)).toMatchObject({ release: settings.release, orphanMaxAgeDays: 30 });
});

test('a ledger that is lost begins a new log: other epoch, other documents, and what is left in raw/ in its order', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  await world.settle();
  const before = await world.control();
  await world.arrive('raw/orders/b.csv', 'raw/orders/c.csv');
  world.started.length = 0;
  world.store.items.clear();
  await detectArrival(world, LANDING, { sweep: true });
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  expect(batch.number).toBe(1);
  expect(batch.epoch).not.toBe(before.epoch);
  expect(batch.prefix).not.toContain(before.epoch);
  const manifest = world.document(batch.manifest) as Manifest;
  expect(manifest.files.map(({ key }) => key)).toEqual(['raw/orders/b.csv', 'raw/orders/c.csv']);
});

test('a ledger that was restored to before an entry gives its number again, to another manifest', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const copy = new Map(world.store.items);
  const first = await world.plan(await world.acquire());
  world.store.items.clear();
  for (const [id, item] of copy) world.store.items.set(id, item);
  world.time += 60_000;
  const again = await world.plan(await world.acquire());
  // the tables tell them apart by the hash and refuse the second: BatchNumberReused
  expect([again.number, again.epoch]).toEqual([first.number, first.epoch]);
  expect(again.manifestHash).not.toBe(first.manifestHash);
  expect(await world.store.get(keys.entry(1))).toMatchObject({ manifestHash: again.manifestHash });
});
