import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { embeddedMetrics } from '../../../src/metrics/emf';
import { DIMENSIONS, type MetricName, metrics } from '../../../src/metrics/metrics';
import { type Emitted, emittedBy } from '../fakes/emfLines';

const names = Object.keys(metrics) as MetricName[];

test.each(names)('%s is emitted with its unit and exactly its dimensions', async (name) => {
  const { by, unit } = metrics[name];
  const values = { dataset: 'orders', rule: 'SCALE', stage: 'prod', table: 'orders_rejects', zone: 'raw' };
  const dimensions = Object.fromEntries(
    Object.entries(values).filter(([key]) => DIMENSIONS[by]?.includes(key)),
  );
  const { stage, ...given } = dimensions;
  const emitted = await emittedBy(() => {
    embeddedMetrics('prod')([{ name, value: 2.5, ...given }]);
  });
  expect(stage).toBe('prod');
  expect(emitted).toEqual([{ namespace: 'Lakehouse', name, unit, dimensions, values: [2.5] }]);
});

test('the function that a metric is said to come from exists', () => {
  for (const { from } of Object.values(metrics))
    expect(existsSync(path.join(__dirname, '../../../src/handlers', `${from}.ts`))).toBe(true);
});

test('values of several datasets, rules and tables do not mix', async () => {
  const emitted = await emittedBy(() => {
    embeddedMetrics('prod')([
      { name: 'RowsRead', value: 1, dataset: 'orders' },
      { name: 'BatchSeconds', value: 9 },
      { name: 'RowsRead', value: 2, dataset: 'products' },
      { name: 'RowsRejectedByRule', value: 3, dataset: 'orders', rule: 'SCALE' },
      { name: 'RowsRejectedByRule', value: 4, dataset: 'orders', rule: 'RANGE' },
      { name: 'TableFiles', value: 5, table: 'orders' },
    ]);
  });
  const ofStage = (dimensions: Emitted['dimensions']) =>
    Object.entries(dimensions).flatMap(([key, value]) => (key === 'stage' ? [] : [`${key} ${value}`]));
  expect(emitted.map(({ dimensions, values }) => [...ofStage(dimensions), ...values])).toEqual([
    ['dataset orders', 1],
    [9],
    ['dataset products', 2],
    ['dataset orders', 'rule SCALE', 3],
    ['dataset orders', 'rule RANGE', 4],
    ['table orders', 5],
  ]);
});

test('a measurement without the dataset that its metric has is an error, never a series of its own', () => {
  expect(() => {
    embeddedMetrics('prod')([{ name: 'RowsRead', value: 1 }]);
  }).toThrow(/RowsRead is measured by dataset/);
  expect(() => {
    embeddedMetrics('prod')([{ name: 'BatchSeconds', value: 1, dataset: 'orders' }]);
  }).toThrow(/BatchSeconds is measured by stage/);
});
