import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { embeddedMetrics } from '../../../src/metrics/emf';
import { type MetricName, metrics } from '../../../src/metrics/metrics';
import { emittedBy } from '../fakes/emfLines';

const names = Object.keys(metrics) as MetricName[];

test.each(names)('%s is emitted with its unit and exactly its dimensions', async (name) => {
  const { by, unit } = metrics[name];
  const dataset = by === 'dataset' ? { dataset: 'orders' } : {};
  const emitted = await emittedBy(() => {
    embeddedMetrics('prod')([{ name, value: 2.5, ...dataset }]);
  });
  expect(emitted).toEqual([
    { namespace: 'Lakehouse', name, unit, dimensions: { ...dataset, stage: 'prod' }, values: [2.5] },
  ]);
});

test('the function that a metric is said to come from exists', () => {
  for (const { from } of Object.values(metrics))
    expect(existsSync(path.join(__dirname, '../../../src/handlers', `${from}.ts`))).toBe(true);
});

test('values of several datasets do not mix', async () => {
  const emitted = await emittedBy(() => {
    embeddedMetrics('prod')([
      { name: 'RowsRead', value: 1, dataset: 'orders' },
      { name: 'BatchSeconds', value: 9 },
      { name: 'RowsRead', value: 2, dataset: 'products' },
    ]);
  });
  expect(emitted.map(({ dimensions, values }) => [dimensions['dataset'], ...values])).toEqual([
    ['orders', 1],
    [undefined, 9],
    ['products', 2],
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
