import { expect, test } from '@jest/globals';
import { measureStorage, zones } from '../../../src/metrics/measureStorage';
import type { Measurement } from '../../../src/metrics/metrics';
import { MemoryObjects } from '../fakes/memoryObjects';
import { silent } from '../fakes/world';

const BUCKETS = { landing: 'l', warehouse: 'w', artefacts: 'a' };

async function measured(objects: MemoryObjects, most?: number): Promise<[Record<string, number>, unknown[]]> {
  const found: Measurement[] = [];
  const warnings: unknown[] = [];
  const log = {
    ...silent,
    warn: (_: unknown, ...more: unknown[]): void => {
      warnings.push(...more);
    },
  };
  await measureStorage({ objects, log, measure: (more) => void found.push(...more) }, BUCKETS, most);
  return [Object.fromEntries(found.map(({ zone, value }) => [zone, value])), warnings];
}

function filled(): MemoryObjects {
  const objects = new MemoryObjects(() => new Date());
  objects.put('l', 'raw/orders/a.csv', '12345');
  objects.put('l', 'raw/orders/a.csv', '123');
  objects.put('l', 'archived/orders/a.csv', '12');
  objects.put('w', 'orders/part-0.parquet', '1234');
  objects.put('a', 'batches/e/000001/manifest.json', '1');
  return objects;
}

test('every zone is measured with its old versions, an empty one as 0', async () => {
  const [bytes, warnings] = await measured(filled());
  expect(bytes).toEqual({
    ...Object.fromEntries(Object.keys(zones).map((zone) => [zone, 0])),
    ...{ raw: 8, archived: 2, tables: 4, documents: 1 },
  });
  expect(warnings).toEqual([]);
});

test('a zone of too many versions is left out and named, not told wrong', async () => {
  const [bytes, warnings] = await measured(filled(), 1);
  expect(Object.keys(bytes)).not.toContain('raw');
  expect(bytes).toMatchObject({ archived: 2, tables: 4 });
  expect(warnings).toEqual([{ zone: 'raw', most: 1 }]);
});
