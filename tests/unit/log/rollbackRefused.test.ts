import { describe, expect, test } from '@jest/globals';
import { readEntry } from '../../../src/ledger/entries';
import { ensureKey } from '../../../src/erasure/digest';
import { ask, readRequest } from '../../../src/ledger/requests';
import { WAREHOUSE } from '../fakes/memoryWarehouse';
import { rollBack, threeBatches } from '../fakes/rolledBack';
import type { World } from '../fakes/world';

describe('a rollback is refused, and nothing is written but the answer,', () => {
  async function refusal(world: World, batch: number): Promise<string | undefined> {
    const before = [...world.store.items].filter(([key]) => !/^(control|request)/.test(key));
    const tables = world.warehouse.commits('orders');
    const { nextNumber } = await world.control();
    await rollBack(world, batch);
    await world.settle();
    expect([...world.store.items].filter(([key]) => !/^(control|request)/.test(key))).toEqual(before);
    expect(world.warehouse.commits('orders')).toEqual(tables);
    expect(await world.control()).toMatchObject({ nextNumber, arrived: expect.any(Number) });
    expect((await world.control()).request).toBeUndefined();
    return (await readRequest(world.store, 'request-1')).reason;
  }

  test('of a batch that the log does not have', async () => {
    expect(await refusal((await threeBatches()).world, 9)).toBe('The log has no batch 9');
  });

  test('of a rollback, with the way to undo it', async () => {
    const { world } = await threeBatches();
    await rollBack(world, 3, 'before');
    await world.settle();
    expect(await refusal(world, 4)).toMatch(/lakehouse replay --batch 3/);
    expect(await refusalAgain(world, 3)).toMatch(/rolled back already, by entry 4/);
  });

  async function refusalAgain(world: World, batch: number): Promise<string | undefined> {
    await rollBack(world, batch, 'again');
    await world.settle();
    return (await readRequest(world.store, 'again')).reason;
  }

  test('of an erasure and of every batch before one, since no older version is left', async () => {
    const { world } = await threeBatches();
    const asked = { id: 'e', operation: 'erasure', digest: 'd'.repeat(64) } as const;
    await ensureKey(world.objects, 'artefacts');
    await ask(world.store, asked, world.now());
    world.started.push('command');
    await world.settle();
    await world.arrive('raw/orders/5.csv');
    await world.settle();
    expect(await refusal(world, 4)).toMatch(/^Entry 4 has erased a person/);
    expect(await refusalAgain(world, 2)).toMatch(
      /^Batch 2 cannot be rolled back: entry 4 erased a person after/,
    );
    await rollBack(world, 5, 'after');
    await world.settle();
    expect((await readRequest(world.store, 'after')).state).toBe('OPENED');
  });

  test('of a batch that changed no table', async () => {
    const { world } = await threeBatches();
    await world.arrive('raw/nowhere/x.csv');
    await world.settle();
    expect(await refusal(world, 4)).toMatch(/No table has changed since batch 4 began/);
  });

  test('of a batch whose versions are not in the log of the tables any more', async () => {
    const { world } = await threeBatches();
    const gone = `orders/_delta_log/${'1'.padStart(20, '0')}.json`;
    await world.objects.remove({ bucket: WAREHOUSE, key: gone });
    const { message } = await refusalOf(world, 2);
    expect(message).toMatch(
      /version 1 of orders is not available any more: its part of the Delta log is gone/,
    );
  });

  test('of a batch whose data files were vacuumed', async () => {
    const { world } = await threeBatches();
    const add = { path: 'date=2025-04-01/part%20a.parquet', size: 1, partitionValues: {} };
    const version = `orders/_delta_log/${'1'.padStart(20, '0')}.json`;
    world.objects.put(WAREHOUSE, version, JSON.stringify({ add }));
    const { message } = await refusalOf(world, 2);
    expect(message).toMatch(/version 1 of orders .* 1 of its 1 data files are gone/);
    world.objects.put(WAREHOUSE, 'orders/date=2025-04-01/part a.parquet', '');
    await rollBack(world, 2, 'there');
    await world.settle();
    expect(await readRequest(world.store, 'there')).toMatchObject({ state: 'OPENED' });
  });

  test('of a batch whose manifest is gone', async () => {
    const { world } = await threeBatches();
    const { manifestKey } = await readEntry(world.store, 3);
    await world.objects.remove({ bucket: 'artefacts', key: manifestKey });
    const { message } = await refusalOf(world, 2);
    expect(message).toMatch(/What batch 3 did cannot be read: .*manifest-.*does not exist/);
  });

  async function refusalOf(world: World, batch: number): Promise<{ message: string | undefined }> {
    const { nextNumber } = await world.control();
    await rollBack(world, batch);
    await world.settle();
    expect((await world.control()).nextNumber).toBe(nextNumber);
    return { message: (await readRequest(world.store, 'request-1')).reason };
  }
});
