import { expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { datasetNames, tables } from '../../../src/contract/contracts';
import { EMITTED_WHEN, metrics } from '../../../src/metrics/metrics';
import { seriesOfLoad } from '../../../src/release/loadMetrics';
import { inWords } from '../metrics/named';
import { LANDING, World } from '../fakes/world';

/** The series that were measured on stage `local`, each once. */
function measured(world: World): Set<string> {
  return new Set(
    world.measured.map(({ name, dataset, table }) =>
      inWords({ name, dimensions: { ...(dataset && { dataset }), stage: 'local', ...(table && { table }) } }),
    ),
  );
}

const expected = seriesOfLoad('local', datasetNames).map(inWords);

test('the load of a new file of each dataset emits every series that is expected, and of others only what needs rows, runs or tables', async () => {
  const world = new World();
  await world.arrive(...datasetNames.map((dataset) => `raw/${dataset}/a.csv`));
  await world.settle();
  const found = measured(world);
  expect(expected.length).toBeGreaterThan(datasetNames.length * 10);
  expect(expected.filter((series) => !found.has(series))).toEqual([]);
  const others = (...moments: string[]) =>
    Object.entries(metrics).flatMap(([name, { when }]) => (moments.includes(when) ? [name] : []));
  const rest = [
    ...others('rows', 'runs').flatMap((name) =>
      datasetNames.map((dataset) => `${name} dataset=${dataset},stage=local`),
    ),
    ...others('tables').flatMap((name) => tables.map((table) => `${name} stage=local,table=${table.name}`)),
  ];
  expect([...found].filter((series) => !expected.includes(series)).sort()).toEqual(rest.sort());
});

test('a sweep without files emits none of them', async () => {
  const world = new World();
  await detectArrival(Object.assign(world, { random: () => 0.5 }), LANDING, { sweep: true });
  const found = measured(world);
  expect(found.size).toBeGreaterThan(0);
  expect(expected.filter((series) => found.has(series))).toEqual([]);
});

test('each metric says when it is emitted in words that the page explains', () => {
  const known = Object.keys(EMITTED_WHEN);
  expect(Object.values(metrics).filter(({ when }) => !known.includes(when))).toEqual([]);
});
