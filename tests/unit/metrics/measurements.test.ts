import { expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import type { JobResult } from '../../../src/batch/documents';
import { RowsUnaccounted } from '../../../src/errors';
import { keys } from '../../../src/ledger/items';
import { ledgerMeasurements } from '../../../src/metrics/ledgerMeasurements';
import { replay } from '../../../src/replay/replay';
import { dpuSeconds } from '../../../src/job/jobHistory';
import type { MetricName } from '../../../src/metrics/metrics';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { noRows } from '../../../src/outcome/rows';
import { LANDING, World } from '../fakes/world';

/** Sum of what was measured of a dataset, or of a table where it is measured by table; undefined when nothing was. */
function measured(world: World, name: MetricName, subject?: string): number | undefined {
  const found = world.measured.filter((m) => m.name === name && (m.table ?? m.dataset) === subject);
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

const MINUTE = 60_000;

test('a batch tells its files, rows, times and costs, once', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  world.time += 2 * MINUTE;
  await world.arrive('raw/orders/b.csv', 'raw/elsewhere/c.csv');
  world.time += MINUTE;
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  world.time += MINUTE;
  const publish = () => publishOutcome(world, { lease, batch, outcomes, validation: [] });
  await publish();

  expect(measured(world, 'FilesReceived', 'orders')).toBe(2);
  expect(measured(world, 'FilesReceived', 'unknown')).toBe(1);
  expect(measured(world, 'FilesArchived', 'orders')).toBe(2);
  expect(measured(world, 'FilesRejected', 'unknown')).toBe(1);
  expect(measured(world, 'FilesRejected', 'products')).toBe(0);
  expect(measured(world, 'RowsRead', 'orders')).toBe(2);
  expect(measured(world, 'RowsInserted', 'orders')).toBe(2);
  expect(measured(world, 'RowsUnaccounted', 'orders')).toBe(0);
  expect(measured(world, 'RejectRate', 'orders')).toBe(0);
  expect(measured(world, 'FreshnessSeconds', 'orders')).toBe(120);
  expect(measured(world, 'EndToEndSeconds', 'orders')).toBe(240);
  expect(measured(world, 'JobSeconds', 'orders')).toBe(30);
  expect(measured(world, 'DpuSeconds', 'orders')).toBe(60);
  expect(measured(world, 'BatchSeconds')).toBe(60);
  expect(measured(world, 'BatchesDone')).toBe(1);
  expect(measured(world, 'RowsRead', 'products')).toBeUndefined();

  const before = world.measured.length;
  await publish();
  expect(world.measured).toHaveLength(before);
});

test('rows count under each rule that they broke, and a rule that none broke is not measured', async () => {
  const world = new World();
  world.rejects = (dataset) => (dataset === 'orders' ? { RANGE: 1, SCALE: 2 } : {});
  await world.arrive('raw/orders/a.csv', 'raw/products/a.csv');
  await world.settle();
  expect(world.measured.filter(({ name }) => name === 'RowsRejectedByRule')).toEqual([
    { name: 'RowsRejectedByRule', value: 1, dataset: 'orders', rule: 'RANGE' },
    { name: 'RowsRejectedByRule', value: 2, dataset: 'orders', rule: 'SCALE' },
  ]);
});

test('the files of each table that a batch changed are measured, also where it was withdrawn', async () => {
  const world = new World();
  world.violations = () => ({ keys: 0 });
  await world.arrive('raw/orders/a.csv');
  await world.settle();
  for (const table of ['orders', 'orders_rejects']) {
    expect(measured(world, 'TableFiles', table)).toBe(4);
    expect(measured(world, 'TableSmallFiles', table)).toBe(3);
    expect(measured(world, 'TableBytes', table)).toBe(1000);
    expect(measured(world, 'TableAverageFileBytes', table)).toBe(250);
  }
  expect(measured(world, 'TableFiles', 'products')).toBeUndefined();
  await world.arrive('raw/orders/b.csv');
  world.violations = () => ({ keys: 3 });
  world.measured.length = 0;
  await world.settle();
  expect(measured(world, 'BatchesWithdrawn')).toBe(1);
  expect(measured(world, 'TableFiles', 'orders')).toBe(0);
  expect(measured(world, 'TableAverageFileBytes', 'orders')).toBe(0);
});

test('a result of an earlier release, which tells neither rules nor files, is measured without them', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  const location = `${batch.prefix.slice('s3://artefacts/'.length)}results/orders.json`;
  const { rejectedByRule, ...result } = world.document(`s3://artefacts/${location}`) as JobResult;
  const tables = result.tables.map(({ name, version, rows, columns }) => ({ name, version, rows, columns }));
  expect(rejectedByRule).toEqual({});
  world.objects.put('artefacts', location, JSON.stringify({ ...result, tables }));
  await publishOutcome(world, { lease, batch, outcomes, validation: [] });
  expect(measured(world, 'RowsRead', 'orders')).toBe(1);
  expect(measured(world, 'TableFiles', 'orders')).toBeUndefined();
});

test('rows that do not add up are measured before the batch stops', async () => {
  const world = new World();
  await world.arrive('raw/order_items/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const outcomes = await world.load(lease, batch);
  const location = `${batch.prefix.slice('s3://artefacts/'.length)}results/order_items.json`;
  const result = world.document(`s3://artefacts/${location}`) as JobResult;
  result.files[0]!.rows = { ...noRows, read: 9, inserted: 2, rejected: 4 };
  world.objects.put('artefacts', location, JSON.stringify(result));

  const attempt = publishOutcome(world, { lease, batch, outcomes, validation: [] });
  await expect(attempt).rejects.toThrow(RowsUnaccounted);
  expect(measured(world, 'RowsUnaccounted', 'order_items')).toBe(3);
  expect(measured(world, 'BatchesDone')).toBeUndefined();
});

test('a file that fails alone, and a dataset whose costs are unknown', async () => {
  const world = new World();
  world.history = { since: () => Promise.reject(new Error('throttled')) };
  world.poison = () => 'DataCorrupt';
  await world.arrive('raw/orders/a.csv');
  await world.settle();
  expect(measured(world, 'FilesFailed', 'orders')).toBe(1);
  expect(measured(world, 'BatchesFailed')).toBe(1);
  expect(measured(world, 'JobSeconds', 'orders')).toBeUndefined();
});

test('a withdrawn batch counts its files and none of its rows', async () => {
  const world = new World();
  await world.arrive('raw/products/first.csv');
  world.violations = () => ({ keys: 0 });
  await world.settle();
  await world.arrive('raw/products/second.csv');
  world.violations = () => ({ keys: 3 });
  world.measured.length = 0;
  await world.settle();
  expect(measured(world, 'BatchesWithdrawn')).toBe(1);
  expect(measured(world, 'FilesWithdrawn', 'products')).toBe(1);
  expect(measured(world, 'ValidationViolations')).toBe(3);
  expect(measured(world, 'RowsRead', 'products')).toBeUndefined();
});

test('a replayed file counts as a file and its rows, and tells nothing of how long the service takes', async () => {
  const world = new World();
  const [fileId] = await world.arrive('raw/orders/a.csv');
  await world.settle();
  world.time += 60 * MINUTE;
  world.measured.length = 0;
  await replay(world, [await world.file(fileId!)]);
  await world.settle();
  expect(measured(world, 'FilesReceived', 'orders')).toBeUndefined();
  expect(measured(world, 'FilesArchived', 'orders')).toBe(1);
  expect(measured(world, 'RowsRead', 'orders')).toBe(1);
  expect(measured(world, 'EndToEndSeconds', 'orders')).toBeUndefined();
  expect(measured(world, 'FreshnessSeconds', 'orders')).toBeUndefined();
});

test('the sweep tells what waits, who holds the lease, and how old the oldest orphan is', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv', 'raw/orders/b.csv');
  await world.acquire();
  const oldestSince = new Date(world.time - 9 * MINUTE).toISOString();
  await world.store.commit([
    {
      kind: 'update',
      key: keys.control,
      set: { orphans: { order_items: { waiting: 4, oldestSince } } },
    },
  ]);
  world.time += MINUTE;
  world.measured.length = 0;
  await detectArrival(world, LANDING, { sweep: true });
  expect(world.measured).toEqual([
    { name: 'FilesPending', value: 2 },
    { name: 'LeaseAgeSeconds', value: 60 },
    { name: 'OrphansWaiting', value: 4, dataset: 'order_items' },
    { name: 'OldestOrphanSeconds', value: 600, dataset: 'order_items' },
  ]);
});

test('a free lease has no age, and nothing waits', () => {
  const control = {
    pk: 'control',
    sk: 'control',
    epoch: 'e',
    fence: 1,
    arrived: 2,
    planned: 2,
    nextNumber: 1,
  };
  expect(ledgerMeasurements(control, new Date()).map(({ value }) => value)).toEqual([0, 0, 0, 0]);
});

test.each([
  ['Glue’s own count', { DPUSeconds: 7, ExecutionTime: 100, MaxCapacity: 2 }, 7],
  ['its time and capacity', { ExecutionTime: 100, MaxCapacity: 2 }, 200],
  ['its time and workers', { ExecutionTime: 100, WorkerType: 'G.2X', NumberOfWorkers: 3 }, 600],
] as const)('DPU-seconds of a run come from %s', (_, run, expected) => {
  expect(dpuSeconds(run)).toBe(expected);
});
