import { expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { datasetOf } from '../../../src/arrival/versions';
import { InvalidEvent } from '../../../src/errors';
import { sequenceOf } from '../../../src/ledger/registration';
import { CSV, idOf, LANDING, World } from '../fakes/world';

const detect = (world: World, ...uploads: { key: string; versionId: string }[]) =>
  detectArrival(world, LANDING, { Records: uploads.map((upload) => world.message(upload)) });

test('an arrival is registered once, however often it is told of, and always starts an execution', async () => {
  const world = new World();
  const upload = world.upload('raw/orders/a.csv', CSV.orders);
  expect(await detect(world, upload, upload)).toMatchObject({ registered: 1, known: 1, ignored: 0 });
  expect(await detect(world, upload)).toMatchObject({ registered: 0, known: 1 });
  expect(world.started).toEqual(['arrival', 'arrival']);
  expect(await world.control()).toMatchObject({ arrived: 1, planned: 0 });
});

test('a message that cannot be read fails alone', async () => {
  const world = new World();
  const good = world.message(world.upload('raw/orders/a.csv', CSV.orders));
  const event = {
    Records: [{ messageId: 'bad', body: '{' }, { messageId: 'odd', body: '{"detail":{}}' }, good],
  };
  expect(await detectArrival(world, LANDING, event)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'odd' }],
    registered: 1,
    known: 0,
    ignored: 0,
  });
});

test('a key that is too long for the ledger fails alone, and does not stop the sweep', async () => {
  const world = new World();
  const long = world.upload(`raw/orders/${'x'.repeat(960)}.csv`, CSV.orders);
  const good = world.upload('raw/orders/a.csv', CSV.orders);
  expect(await detect(world, long, good)).toMatchObject({ registered: 1, batchItemFailures: [{}] });
  expect(await detectArrival(world, LANDING, { sweep: true })).toMatchObject({
    registered: 0,
    known: 1,
    ignored: 1,
  });
});

test('folder markers, keys outside raw/ and versions that are gone are ignored', async () => {
  const world = new World();
  const marker = world.upload('raw/orders/', '');
  const outside = world.upload('archived/orders/a.csv', CSV.orders);
  const gone = { key: 'raw/orders/b.csv', versionId: 'v99' };
  expect(await detect(world, marker, outside, gone)).toEqual({
    ...{ batchItemFailures: [], registered: 0, known: 0, ignored: 3 },
  });
  expect(world.started).toEqual([]);
});

test.each([
  'raw/orders/a b.csv',
  'raw/orders/a+b%2Fc.csv',
  'raw/orders/../ü€.csv',
  "raw/orders/it's (1)!.csv",
])('the key %s is taken as it stands and its file is archived', async (key) => {
  const world = new World();
  await world.arrive(key);
  await world.settle();
  expect(Object.entries(world.states())).toEqual([[`${key}@v1`, 'ARCHIVED']]);
  expect(world.objects.under(LANDING, 'archived/orders/batch=1/')).toHaveLength(1);
});

test('versions of one key within one second keep their order, whichever is told of first', async () => {
  const world = new World();
  const first = world.upload('raw/orders/a.csv', CSV.orders);
  const second = world.upload('raw/orders/a.csv', CSV.orders);
  await detect(world, second);
  await detect(world, first);
  const sequences = [...world.store.items.values()].flatMap((item) =>
    item['sk'] === 'file' ? [[item['versionId'], item['sequence']]] : [],
  );
  expect(Object.fromEntries(sequences)).toEqual({
    [first.versionId]: sequenceOf({ lastModified: world.now(), order: 0, key: 'raw/orders/a.csv' }),
    [second.versionId]: sequenceOf({ lastModified: world.now(), order: 1, key: 'raw/orders/a.csv' }),
  });
});

test('a version told of late comes behind one of the same second that has left raw/ meanwhile', async () => {
  const world = new World();
  const [first] = await world.arrive('raw/orders/a.csv');
  const late = world.upload('raw/orders/a.csv', CSV.orders);
  await world.settle();
  expect(await world.file(first!)).toMatchObject({ state: 'ARCHIVED' });
  await detect(world, late);
  const orders = [...world.store.items.values()].flatMap((item) =>
    item['sk'] === 'file' ? [String(item['sequence']).slice(14, 20)] : [],
  );
  expect(orders.sort()).toEqual(['000000', '000001']);
});

test('versions of one second keep their order when the first has left raw/ and the last is told of before the second', async () => {
  const world = new World();
  const [first] = await world.arrive('raw/orders/a.csv');
  const second = world.upload('raw/orders/a.csv', CSV.orders);
  const third = world.upload('raw/orders/a.csv', CSV.orders);
  await world.settle();
  expect(await world.file(first!)).toMatchObject({ state: 'ARCHIVED' });
  expect(await detect(world, third)).toMatchObject({ registered: 2, known: 0, ignored: 0 });
  expect(await detect(world, second)).toMatchObject({ registered: 0, known: 1, ignored: 0 });
  const orderOf = async ({ versionId }: { versionId: string }) =>
    (await world.file(idOf('raw/orders/a.csv', versionId))).sequence.slice(14, 20);
  expect([await orderOf(second), await orderOf(third)]).toEqual(['000001', '000002']);
});

test('a version makes no way for one that somebody else registers at the same moment', async () => {
  const world = new World();
  const first = world.upload('raw/orders/a.csv', CSV.orders);
  const second = world.upload('raw/orders/a.csv', CSV.orders);
  const getMany = world.store.getMany.bind(world.store);
  world.store.getMany = async (keys) => {
    const known = await getMany(keys);
    // between looking and writing
    world.store.getMany = getMany;
    await detect(world, first);
    return known;
  };
  expect(await detect(world, second)).toMatchObject({ registered: 1 });
  const { sequence } = await world.file(idOf('raw/orders/a.csv', second.versionId));
  expect(sequence.slice(14, 20)).toBe('000001');
});

test('the sweep registers what no event told of and starts an execution in any case', async () => {
  const world = new World();
  for (let n = 0; n < 60; n++) world.upload(`raw/products/${n}.csv`, CSV.products);
  world.upload('raw/products/', '');
  expect(await detectArrival(world, LANDING, { sweep: true })).toEqual({
    ...{ batchItemFailures: [], registered: 60, known: 0, ignored: 1 },
  });
  expect(await detectArrival(world, LANDING, { sweep: true })).toMatchObject({ registered: 0, known: 60 });
  expect(world.started).toEqual(['sweep', 'sweep']);
  expect(await world.control()).toMatchObject({ arrived: 60 });
});

test('a simulated arrival takes the latest version, and says so when there is none', async () => {
  const world = new World();
  world.upload('raw/orders/a.csv', 'old');
  const latest = world.upload('raw/orders/a.csv', CSV.orders);
  expect(await detectArrival(world, LANDING, { key: 'raw/orders/a.csv' })).toMatchObject({ registered: 1 });
  expect(Object.keys(world.states())).toEqual([`raw/orders/a.csv@${latest.versionId}`]);
  await expect(detectArrival(world, LANDING, { key: 'raw/orders/b.csv' })).rejects.toThrow(InvalidEvent);
});

test.each([
  ['raw/orders/a.csv', 'orders'],
  ['raw/orders/2025/04/a.csv', 'orders'],
  ['raw/orders.csv', 'unknown'],
  ['raw/toString/a.csv', 'unknown'],
  ['raw/Orders/a.csv', 'unknown'],
])('%s belongs to %s', (key, dataset) => {
  expect(datasetOf(key)).toBe(dataset);
});
