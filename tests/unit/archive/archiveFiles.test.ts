import { expect, test } from '@jest/globals';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import type { JobResult } from '../../../src/batch/documents';
import { noRows } from '../../../src/outcome/rows';
import { documentAt, LANDING, World } from '../fakes/world';

test('a file that the job rejected as a whole goes to rejected/ with its reason and has no rows', async () => {
  const world = new World();
  world.spoilt = (key) => key.endsWith('spoilt.csv');
  const [sound, spoilt] = await world.arrive('raw/orders/sound.csv', 'raw/orders/spoilt.csv');
  await world.settle();

  expect(world.states()).toMatchObject({
    'raw/orders/sound.csv@v1': 'ARCHIVED',
    'raw/orders/spoilt.csv@v2': 'REJECTED',
  });
  const { rows, reasons } = await world.file(spoilt!);
  expect([rows, reasons]).toEqual([undefined, [{ rule: 'REJECT_RATE', column: null, message: 'spoilt' }]]);
  expect((await world.file(sound!)).rows?.inserted).toBe(1);
  const key = `rejected/orders/batch=1/${spoilt!}-spoilt.csv`;
  expect(world.objects.under(LANDING, 'rejected/')).toEqual([key, `${key}.reasons.json`]);
  expect(JSON.parse(world.objects.text(LANDING, `${key}.reasons.json`) ?? '')).toMatchObject({
    file: 'raw/orders/spoilt.csv',
    batch: 1,
    reasons,
  });
  expect(world.alerts).toEqual([]);
});

test('a kept copy is tagged with what its contract says of its columns, wherever it is put away', async () => {
  const world = new World();
  world.spoilt = (key) => key.endsWith('spoilt.csv');
  await world.arrive(
    'raw/products/a.csv',
    'raw/orders/a.csv',
    'raw/orders/spoilt.csv',
    'raw/elsewhere/a.csv',
  );
  await world.settle();
  const classified = world.objects
    .under(LANDING)
    .filter((key) => key.endsWith('.csv'))
    .map((key) => [/^(\w+\/\w+)\//.exec(key)?.[1], world.objects.tags(LANDING, key)]);
  expect(classified).toEqual([
    ['archived/orders', { classification: 'pii' }],
    ['archived/products', { classification: 'none' }],
    ['rejected/orders', { classification: 'pii' }],
    ['rejected/unknown', { classification: 'unclassified' }],
  ]);
});

test('a file that the job rejected before the execution was cut off is not taken back', async () => {
  const world = new World();
  world.spoilt = (key) => key.endsWith('spoilt.csv');
  const [spoilt, sound] = await world.arrive('raw/orders/spoilt.csv', 'raw/orders/sound.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  await archiveFiles(world, { lease, batch, chunk: 0, outcomes: await world.load(lease, batch) });
  world.poison = () => 'RowsUnaccounted';
  const outcomes = await world.load(lease, batch);
  await publishOutcome(world, { lease, batch, outcomes, validation: [] });

  expect([(await world.file(spoilt!)).state, (await world.file(sound!)).state]).toEqual([
    'REJECTED',
    'ARCHIVED',
  ]);
  expect(await world.control()).toMatchObject({ arrived: 2, planned: 2 });
});

test('a file that was archived before the execution was cut off leaves no second copy, though its job fails then', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  // cut after the copy and the ledger's word, before the first removal
  world.faults.crashAt(2, 'after');
  await expect(archiveFiles(world, { lease, batch, chunk: 0, outcomes })).rejects.toThrow('after write 2');
  expect(world.objects.under(LANDING, 'raw/')).toHaveLength(1);

  world.poison = () => 'RowsUnaccounted';
  const again = await world.load(lease, batch);
  await archiveFiles(world, { lease, batch, chunk: 0, outcomes: again });
  expect(world.objects.under(LANDING, 'raw/')).toEqual([]);
  expect(world.objects.under(LANDING, 'archived/')).toHaveLength(1);
});

test('of a file whose job left people out, the copy without them is kept', async () => {
  const world = new World();
  const [file] = await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  const location = documentAt(batch, 'results/orders.json');
  const result = JSON.parse(world.objects.text(location.bucket, location.key) ?? '') as JobResult;
  result.files[0]!.rows = { ...noRows, read: 1, erased: 1 };
  world.objects.put(location.bucket, location.key, JSON.stringify(result));
  world.objects.put(LANDING, `processing/${file!}.csv`, 'cleaned');
  await archiveFiles(world, { lease, batch, chunk: 0, outcomes });
  expect(world.objects.text(LANDING, `archived/orders/batch=1/${file!}-a.csv`)).toBe('cleaned');
  expect(world.objects.under(LANDING, 'raw/')).toEqual([]);
});
