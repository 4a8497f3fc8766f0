import { describe, expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { runThrough } from '../fakes/runThrough';
import { LANDING, World } from '../fakes/world';

/** A batch of two chunks with loaded files of every dataset, a refused one, one that the job
 * rejects, one that fails alone and a gone one. */
async function prepared(): Promise<World> {
  const world = new World();
  world.poison = (_, keys) => (keys.some((key) => key.includes('poison')) ? 'RowsUnaccounted' : undefined);
  await world.arrive('raw/orders/a.csv', 'raw/products/b.csv', 'raw/order_items/c.csv', 'raw/nowhere/d.csv');
  world.spoilt = (key) => key.includes('spoilt');
  await world.arrive('raw/products/poison.csv', 'raw/orders/spoilt.csv');
  const gone = world.upload('raw/orders/gone.csv', 'x');
  await arriveMessage(world, gone);
  await world.objects.remove({ bucket: LANDING, ...gone });
  return world;
}

async function arriveMessage(world: World, upload: { key: string; versionId: string }): Promise<void> {
  await detectArrival(world, LANDING, { Records: [world.message(upload)] });
}

async function outcome(world: World): Promise<unknown> {
  const control = await world.control();
  const rows = await Promise.all(
    [...world.store.items.values()]
      .filter((item) => item['sk'] === 'file')
      .map(async (item) => {
        const file = await world.file(String(item['fileId']));
        return [file.key, file.state, file.rows?.read, file.reasons?.map(({ rule }) => rule)];
      }),
  );
  return {
    drained: control.arrived === control.planned,
    lease: control.owner,
    open: control.openEntry,
    pending: [...world.store.items.values()].filter((item) => item['pk'] === 'pending').length,
    rows: rows.map((row) => JSON.stringify(row)).sort(),
    raw: world.objects.under(LANDING, 'raw/'),
    processing: world.objects.under(LANDING, 'processing/').length,
    rejected: world.objects.under(LANDING, 'rejected/').length,
    archived: world.objects.under(LANDING, 'archived/').length,
    // each file is merged by one batch, whatever its number
    merged: world.merged.flatMap(({ fileIds }) => fileIds).sort(),
  };
}

async function undisturbed(): Promise<{ result: unknown; writes: number; alerts: string[] }> {
  const world = await prepared();
  const before = world.faults.writes;
  await runThrough(world);
  return { result: await outcome(world), writes: world.faults.writes - before, alerts: world.alerts };
}

describe('a pipeline that is cut at any write', () => {
  test('ends like an undisturbed one', async () => {
    const { result, writes } = await undisturbed();
    expect(result).toMatchObject({ drained: true, lease: undefined, open: undefined, pending: 0 });
    expect(writes).toBeGreaterThan(40);
    for (let at = 1; at <= writes; at++) {
      for (const when of ['before', 'after'] as const) {
        const world = await prepared();
        world.faults.crashAt(at, when);
        await runThrough(world);
        const ended = await outcome(world);
        expect({ at, when, outcome: ended }).toEqual({ at, when, outcome: result });
        // an alert that a dead execution did not send is in the next one
        await world.arrive('raw/orders/next.csv');
        await runThrough(world);
        expect(world.alerts.join()).toContain('raw/orders/gone.csv');
        expect(world.alerts.join()).toContain('raw/products/poison.csv');
      }
    }
  });

  test('leaves the file that failed alone and the refused ones where they belong', async () => {
    const { result, alerts } = await undisturbed();
    expect(result).toMatchObject({
      raw: ['raw/products/poison.csv'],
      archived: 3,
      rejected: 4,
      rows: expect.arrayContaining([
        '["raw/products/poison.csv","FAILED",null,["RowsUnaccounted"]]',
        '["raw/orders/gone.csv","FAILED",null,["SOURCE_GONE"]]',
        '["raw/orders/spoilt.csv","REJECTED",null,["REJECT_RATE"]]',
        '["raw/nowhere/d.csv","REJECTED",null,["UNKNOWN_DATASET"]]',
      ]),
    });
    expect(alerts[0]).toContain('RowsUnaccounted');
  });
});
