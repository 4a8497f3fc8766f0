import { expect, test } from '@jest/globals';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { World } from '../fakes/world';

const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `raw/orders/${n}.csv`);

async function states(world: World): Promise<Record<string, string>> {
  await world.settle();
  const byFile = Object.entries(world.states());
  return Object.fromEntries<string>(byFile.map(([file, state]) => [file.replace(/@.*/, ''), state]));
}

function only(...poisoned: string[]): World['poison'] {
  return (_, files) => (files.some((key) => poisoned.includes(key)) ? 'RowsUnaccounted' : undefined);
}

test('one bad file among sixteen ends FAILED alone; the others load, exactly once', async () => {
  const world = new World();
  world.poison = only('raw/orders/11.csv');
  await world.arrive(...keys(16), 'raw/products/p.csv');
  const ended = await states(world);
  expect(Object.entries(ended).filter(([, state]) => state !== 'ARCHIVED')).toEqual([
    ['raw/orders/11.csv', 'FAILED'],
  ]);
  const merged = world.merged.flatMap(({ fileIds }) => fileIds);
  expect(new Set(merged).size).toBe(merged.length);
  expect(merged).toHaveLength(16);
  expect(world.alerts.join('\n')).toContain('File raw/orders/11.csv FAILED');
  // one entry fails with all, then one for each halving
  expect(world.alerts.filter((alert) => alert.includes('did not load'))).toHaveLength(5);
});

test('the datasets beside the failing one load in the same batch', async () => {
  const world = new World();
  world.poison = (dataset) => (dataset === 'orders' ? 'RowsUnaccounted' : undefined);
  await world.arrive('raw/orders/a.csv', 'raw/products/p.csv');
  expect(await states(world)).toEqual({ 'raw/orders/a.csv': 'FAILED', 'raw/products/p.csv': 'ARCHIVED' });
  expect(world.merged).toMatchObject([{ dataset: 'products', batch: 1 }]);
});

test('files that arrive meanwhile are planned between the halves', async () => {
  const world = new World();
  world.poison = only('raw/orders/3.csv');
  await world.arrive(...keys(8));
  await world.execute();
  world.time += 60_000;
  await world.arrive('raw/orders/new.csv');
  const [fresh] = Object.keys(world.states()).filter((file) => file.includes('new'));
  await world.execute();
  await world.execute();
  expect(world.states()[fresh!]).toBe('ARCHIVED');
  expect(world.merged.every(({ fileIds }) => fileIds.length === 1 || fileIds.length === 4)).toBe(true);
  expect(await states(world)).toMatchObject({ 'raw/orders/3.csv': 'FAILED', 'raw/orders/4.csv': 'ARCHIVED' });
});

test('two halves that fail alike are no poison: the files wait and nothing starts by itself', async () => {
  const world = new World();
  world.poison = () => 'RowsUnaccounted';
  await world.arrive(...keys(8));
  const ended = await states(world);
  expect(new Set(Object.values(ended))).toEqual(new Set(['PENDING']));
  expect(world.alerts.at(-1)).toContain('wait again');
  expect(world.started).toEqual([]);
  expect((await world.control()).owner).toBeUndefined();
  // the outage ends; the next arrival takes them all along in one batch
  world.poison = () => undefined;
  await world.arrive('raw/orders/next.csv');
  expect(new Set(Object.values(await states(world)))).toEqual(new Set(['ARCHIVED']));
  expect(world.merged.map(({ fileIds }) => fileIds.length)).toEqual([9]);
});

test('an error that no file causes takes no file apart and blames none', async () => {
  const world = new World();
  world.poison = () => 'BatchNumberReused';
  await world.arrive(...keys(4));
  expect(new Set(Object.values(await states(world)))).toEqual(new Set(['PENDING']));
  expect(await world.control()).toMatchObject({ arrived: 8, planned: 4, nextNumber: 2 });
  world.poison = () => undefined;
  world.started.push('sweep');
  expect(new Set(Object.values(await states(world)))).toEqual(new Set(['ARCHIVED']));
});

test('isolated files keep their sequence', async () => {
  const world = new World();
  const [id] = await world.arrive('raw/orders/0.csv', 'raw/orders/1.csv');
  const { sequence } = await world.file(id!);
  world.poison = () => 'RowsUnaccounted';
  await world.execute();
  expect(await world.file(id!)).toMatchObject({ state: 'PENDING', sequence, isolation: '1.0' });
});

test('a file that was archived before the execution was cut off is not taken back', async () => {
  const world = new World();
  const ids = await world.arrive(
    'raw/orders/0.csv',
    'raw/orders/1.csv',
    'raw/orders/2.csv',
    'raw/orders/3.csv',
  );
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  await archiveFiles(world, { lease, batch, chunk: 0, outcomes });
  world.poison = () => 'RowsUnaccounted';
  const again = await world.load(lease, batch);
  await publishOutcome(world, { lease, batch, outcomes: again, validation: [] });
  const states = await Promise.all(ids.map(async (id) => (await world.file(id)).state));
  expect(states).toEqual(['ARCHIVED', 'ARCHIVED', 'ARCHIVED', 'FAILED']);
  expect(await world.control()).toMatchObject({ arrived: 4, planned: 4 });
});
