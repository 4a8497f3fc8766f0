import { describe, expect, test } from '@jest/globals';
import { datasetNames } from '../../../src/contract/contracts';
import type { LineageEvent } from '../../../src/lineage/openLineage';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { ranOnce } from '../fakes/pastRuns';
import { World } from '../fakes/world';
import { violationsOf } from './specification';

/** The events that the service wrote, by `<job> <type>`, the batches in order. */
function events(world: World): LineageEvent[] {
  return world.objects
    .under('artefacts')
    .filter((key) => key.startsWith('lineage/'))
    .sort()
    .map((key) => world.document(`s3://artefacts/${key}`) as LineageEvent);
}

const find = (world: World, job: string, type: string) =>
  events(world).find(({ job: { name }, eventType }) => name === job && eventType === type);

/** An execution over a file of every dataset. */
async function loaded(world = new World()): Promise<World> {
  await world.arrive(...datasetNames.map((dataset) => `raw/${dataset}/a.csv`));
  world.violations = () => ({ orders_primary_key_unique: 0, order_items_primary_key_unique: 0 });
  await world.settle();
  return world;
}

describe('the lineage of a batch', () => {
  test('is as the specification of OpenLineage says, whatever became of the batch', async () => {
    const failed = new World();
    failed.poison = (dataset) => (dataset === 'orders' ? 'DataCorrupt' : undefined);
    failed.history = ranOnce(failed.now, { succeeded: false, error: 'DataCorrupt: line 7' });
    const withdrawn = await loaded();
    withdrawn.violations = () => ({ orders_primary_key_unique: 3 });
    await withdrawn.arrive('raw/orders/b.csv');
    await withdrawn.settle();
    const all = [await loaded(), await loaded(failed), withdrawn].flatMap(events);
    expect(new Set(all.map(({ eventType }) => eventType))).toEqual(new Set(['START', 'COMPLETE', 'FAIL']));
    expect(all.length).toBeGreaterThan(20);
    for (const event of all) expect(violationsOf(event)).toEqual([]);
  });

  test('has a START and one end for every run, the end not before the start', async () => {
    const byRun = new Map<string, LineageEvent[]>();
    for (const event of events(await loaded()))
      byRun.set(event.run.runId, [...(byRun.get(event.run.runId) ?? []), event]);
    expect(byRun.size).toBe(1 + datasetNames.length);
    for (const run of byRun.values()) {
      expect(run.map(({ eventType }) => eventType).sort()).toEqual(['COMPLETE', 'START']);
      const [end, start] = run as [LineageEvent, LineageEvent];
      expect(Date.parse(end.eventTime)).toBeGreaterThanOrEqual(Date.parse(start.eventTime));
    }
  });

  test('names the versions of the files that a job read and of the tables that it wrote', async () => {
    const world = await loaded();
    const complete = find(world, 'jobs-order_items', 'COMPLETE');
    const [file] = [...world.store.items.values()].filter((item) => item['key'] === 'raw/order_items/a.csv');
    expect(complete?.inputs[0]).toMatchObject({
      namespace: 's3://landing',
      name: 'raw/order_items/a.csv',
      facets: { version: { datasetVersion: file?.['versionId'] } },
      inputFacets: { dataQualityAssertions: { assertions: [{ success: true, actual: '0' }] } },
    });
    // its parents were loaded in the same batch
    expect(complete?.inputs.slice(1)).toMatchObject([
      { name: 'orders', facets: { version: { datasetVersion: '1' } } },
      { name: 'products', facets: { version: { datasetVersion: '1' } } },
    ]);
    expect(complete?.outputs).toMatchObject([
      { name: 'order_items', outputFacets: { outputStatistics: { rowCount: 1 } } },
      { name: 'order_items_rejects', outputFacets: { outputStatistics: { rowCount: 0 } } },
      { name: 'order_items_orphans', outputFacets: { outputStatistics: { rowCount: 0 } } },
    ]);
    const batch = find(world, 'ingest', 'COMPLETE');
    expect(complete?.run.facets['parent']).toMatchObject({ run: { runId: batch?.run.runId } });
  });

  test('names the version of a parent that the rows were checked against, where the job says it', async () => {
    const world = new World();
    const write = world.objects.write.bind(world.objects);
    world.objects.write = (location, body) =>
      write(
        location,
        location.key.endsWith('results/order_items.json')
          ? JSON.stringify({ ...(JSON.parse(body) as object), parents: { orders: 7, products: -1 } })
          : body,
      );
    const complete = find(await loaded(world), 'jobs-order_items', 'COMPLETE');
    expect(
      complete?.inputs.slice(1).map(({ name, facets }) => [name, facets['version']?.['datasetVersion']]),
    ).toEqual([
      ['orders', '7'],
      ['products', undefined],
    ]);
  });

  test('puts each check to the table whose name it begins with, the longer name first', async () => {
    const complete = find(await loaded(), 'ingest', 'COMPLETE');
    const checks = complete?.inputs.map(({ name, inputFacets }) => [
      name,
      (inputFacets?.['dataQualityAssertions']?.['assertions'] as { name: string }[]).map((one) => one.name),
    ]);
    expect(Object.fromEntries(checks ?? [])).toEqual({
      products: [],
      orders: ['orders_primary_key_unique'],
      order_items: ['order_items_primary_key_unique'],
    });
  });

  test('does not keep a batch open when it cannot be', async () => {
    const world = new World();
    await world.arrive('raw/orders/a.csv');
    const lease = await world.acquire();
    const batch = await world.plan(lease);
    const outcomes = await world.load(lease, batch);
    const publish = () => publishOutcome(world, { lease, batch, outcomes, validation: [] });
    const write = world.objects.write.bind(world.objects);
    world.objects.write = () => Promise.reject(new Error('no access'));
    expect(await publish()).toMatchObject({ status: 'DONE' });
    world.objects.write = write;
    expect(events(world)).toEqual([]);
    expect(world.measured).toContainEqual({ name: 'BatchesDone', value: 1 });
  });
});
