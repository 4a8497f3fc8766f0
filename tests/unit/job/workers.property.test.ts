import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { workerBounds } from '../../../src/job/workerBounds';
import {
  BYTES_PER_DPU,
  chooseWorkers,
  type WorkerBounds,
  workersByDataset,
  type Workload,
  workloadOf,
} from '../../../src/job/workers';
import { DPU_PER_WORKER, workerTypes as types } from '../../../src/job/workerTypes';
import type { Workers } from '../../../generated/types/states/workers';
import type { ManifestFile } from '../../../src/batch/documents';
import workersSchema from '../../../schemas/states/workers.schema.json';
import parameters from '../../../schemas/config/stageParameters.schema.json';
import { parametersOf, type StageParams } from '../../../plugins/stage-parameters/parameters';

const GIB = 2 ** 30;
const dpus = ({ workerType, numberOfWorkers }: Workers): number =>
  DPU_PER_WORKER[workerType] * numberOfWorkers;

const anyBounds: fc.Arbitrary<WorkerBounds> = fc
  .tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 2, max: 299 }), fc.integer({ min: 2, max: 299 }))
  .map(([one, two, few, many]) => ({
    smallest: types[Math.min(one, two)]!,
    largest: types[Math.max(one, two)]!,
    fewest: Math.min(few, many),
    most: Math.max(few, many),
  }));
const anyWork: fc.Arbitrary<Workload> = fc.record({
  bytes: fc.nat({ max: 2_000 * GIB }),
  files: fc.nat({ max: 10_000 }),
  dates: fc.nat({ max: 4_000 }),
});

describe('the workers of a job run', () => {
  it('are within the bounds of the stage, whatever comes', () => {
    fc.assert(
      fc.property(anyWork, anyBounds, (work, bounds) => {
        const { workerType, numberOfWorkers } = chooseWorkers(work, bounds);
        expect(DPU_PER_WORKER[workerType]).toBeGreaterThanOrEqual(DPU_PER_WORKER[bounds.smallest]);
        expect(DPU_PER_WORKER[workerType]).toBeLessThanOrEqual(DPU_PER_WORKER[bounds.largest]);
        expect(numberOfWorkers).toBeGreaterThanOrEqual(bounds.fewest);
        expect(numberOfWorkers).toBeLessThanOrEqual(bounds.most);
      }),
    );
  });

  it.each(['bytes', 'files', 'dates'] as const)('never get less for more %s', (part) => {
    fc.assert(
      fc.property(anyWork, anyBounds, fc.nat({ max: 100 * GIB }), (work, bounds, more) => {
        const larger = chooseWorkers({ ...work, [part]: work[part] + more }, bounds);
        expect(DPU_PER_WORKER[larger.workerType]).toBeGreaterThanOrEqual(
          DPU_PER_WORKER[chooseWorkers(work, bounds).workerType],
        );
        const before = chooseWorkers(work, bounds);
        if (larger.workerType === before.workerType) {
          expect(larger.numberOfWorkers).toBeGreaterThanOrEqual(before.numberOfWorkers);
        }
      }),
    );
  });

  it('have executors for the whole of the bytes, until the bounds stop it', () => {
    fc.assert(
      fc.property(anyWork, anyBounds, (work, bounds) => {
        const { workerType, numberOfWorkers } = chooseWorkers(work, bounds);
        const stopped = workerType === bounds.largest && numberOfWorkers === bounds.most;
        const holds = (numberOfWorkers - 1) * DPU_PER_WORKER[workerType] * BYTES_PER_DPU;
        expect(stopped || holds >= work.bytes).toBe(true);
      }),
    );
  });

  const bounds: WorkerBounds = { smallest: 'G.1X', largest: 'G.2X', fewest: 2, most: 10 };
  it.each<[string, Workload, Workers]>([
    ['nothing', { bytes: 0, files: 0, dates: 0 }, { workerType: 'G.1X', numberOfWorkers: 2 }],
    ['a day', { bytes: 60_000_000, files: 1, dates: 1 }, { workerType: 'G.1X', numberOfWorkers: 2 }],
    ['4 GiB', { bytes: 4 * GIB, files: 4, dates: 4 }, { workerType: 'G.1X', numberOfWorkers: 6 }],
    ['12 GiB', { bytes: 12 * GIB, files: 4, dates: 4 }, { workerType: 'G.2X', numberOfWorkers: 8 }],
    ['a terabyte', { bytes: 1_024 * GIB, files: 9, dates: 9 }, { workerType: 'G.2X', numberOfWorkers: 10 }],
  ])('are, for %s', (_what, work, expected) => {
    expect(chooseWorkers(work, bounds)).toEqual(expected);
  });

  it('cost the least that Glue takes where there is hardly any work', () => {
    expect(dpus(chooseWorkers({ bytes: 1, files: 1, dates: 1 }, bounds))).toBe(2);
  });
});

describe('the work of a job', () => {
  const file = (dataset: string | null, key: string, size: number) =>
    ({ dataset, key, size, lastModified: '2025-06-01T23:59:59.000Z' }) as ManifestFile;
  const files = [
    file('orders', 'raw/orders/2025-05-01.csv', 10),
    file('orders', 'raw/orders/again/2025-05-01-corrected.csv', 20),
    file('orders', 'raw/orders/late.csv', 30),
    file('orders', 'raw/orders/later.csv', 40),
    file('products', 'raw/products/2025-05-01.csv', 50),
    file('products', 'raw/products/2025-05-02.csv', 60),
    file(null, 'raw/elsewhere/2025-05-03.csv', 70),
  ];

  it('is the bytes and files of its dataset, and the dates in their keys or of their arrival', () => {
    expect(workloadOf('orders', files)).toEqual({ bytes: 100, files: 4, dates: 2 });
  });

  it('touches one partition where the table has none, and nothing where there is no file', () => {
    expect(workloadOf('products', files)).toEqual({ bytes: 110, files: 2, dates: 1 });
    expect(workloadOf('order_items', files)).toEqual({ bytes: 0, files: 0, dates: 0 });
    expect(workloadOf('products', [])).toEqual({ bytes: 0, files: 0, dates: 0 });
  });

  it('gives each job workers of its own', () => {
    const large = [file('orders', 'raw/orders/x.csv', 5 * GIB), file('products', 'raw/products/x.csv', 1)];
    const bounds: WorkerBounds = { smallest: 'G.1X', largest: 'G.1X', fewest: 2, most: 10 };
    const found = workersByDataset({ files: large }, bounds);
    expect(found.orders.numberOfWorkers).toBe(7);
    expect([found.products.numberOfWorkers, found.order_items.numberOfWorkers]).toEqual([2, 2]);
  });
});

describe('the bounds of workers', () => {
  const service = readFileSync(path.resolve(__dirname, '../../../serverless.yml'), 'utf8');
  const { params } = parse(service) as { params: StageParams };

  it.each(Object.keys(params))('let the largest batch of stage %s fit', (stage) => {
    const values = parametersOf(params, stage, []);
    const work = {
      bytes: Number(values['maxBatchBytes']),
      files: Number(values['maxBatchFiles']),
      dates: 31,
    };
    const { workerType, numberOfWorkers } = chooseWorkers(work, workerBounds(values));
    const executors = (numberOfWorkers - 1) * DPU_PER_WORKER[workerType];
    expect(executors * BYTES_PER_DPU).toBeGreaterThanOrEqual(work.bytes + work.files * 4 * 2 ** 20);
  });

  it('know the same types everywhere', () => {
    expect(workersSchema.properties.workerType.enum).toEqual(types);
    expect(Object.keys(DPU_PER_WORKER)).toEqual(types);
    expect(parameters.properties.workerType.enum).toEqual(types);
    expect(parameters.properties.maxWorkerType.enum).toEqual(types);
  });

  it('are refused when one is missing', () => {
    expect(() => workerBounds({ workerType: 'G.1X' })).toThrow('the bounds of workers');
  });
});
