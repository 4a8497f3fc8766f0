import { describe, expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { planBatch } from '../../../src/batch/planBatch';
import { digestOf, ensureKey } from '../../../src/erasure/digest';
import { LeaseLost } from '../../../src/errors';
import { addHold } from '../../../src/ledger/erasures';
import { readEntry } from '../../../src/ledger/entries';
import { ask, readRequest } from '../../../src/ledger/requests';
import { acquireLease } from '../../../src/lease/acquireLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { runThrough } from '../fakes/runThrough';
import { idOf, LANDING, World } from '../fakes/world';

const PERSON = 'planted-7f3a9c';
const ARTEFACTS = 'artefacts';
/** A line that is refused as a header, and quoted. */
const BARE = `order_num,order_id,${PERSON}`;

/** A load of orders, a file whose first line is quoted when it is refused, and a working copy that was left behind. */
async function livedIn(): Promise<{ world: World; digest: string; refused: string }> {
  const world = new World();
  await world.arrive('raw/orders/1.csv', 'raw/products/1.csv');
  await world.settle();
  const { key, versionId } = world.upload('raw/orders/bare.csv', `${BARE}\n`);
  const [refused = ''] = await detected(world, { key, versionId });
  await world.settle();
  world.objects.put(LANDING, 'processing/left.csv', PERSON);
  world.objects.put(LANDING, 'archived/orders/batch=1/kept.csv', PERSON);
  world.objects.put(LANDING, 'archived/orders/batch=1/kept.csv', 'without');
  world.objects.put(ARTEFACTS, 'query-results/1.csv', PERSON);
  const digest = digestOf(PERSON, await ensureKey(world.objects, ARTEFACTS));
  return { world, digest, refused };
}

async function detected(world: World, upload: { key: string; versionId: string }): Promise<string[]> {
  await detectArrival(world, LANDING, { Records: [world.message(upload)] });
  return [idOf(upload.key, upload.versionId)];
}

async function askToErase(world: World, digest: string, id = 'e'): Promise<void> {
  await ask(world.store, { id, operation: 'erasure', digest }, world.now());
  world.started.push('command');
}

/** Everything that is stored, as text. */
async function everything(world: World): Promise<string> {
  const texts = [JSON.stringify([...world.store.items])];
  for (const bucket of [LANDING, ARTEFACTS, 'warehouse'])
    for await (const { key, versionId } of world.objects.versions(bucket, ''))
      texts.push(Buffer.from((await world.objects.read({ bucket, key, versionId })) ?? []).toString());
  return texts.join('\n');
}

async function outcome(world: World): Promise<unknown> {
  const { openEntry, owner, nextNumber, request, orphans } = await world.control();
  const { kind, state, tables, gate, certificate, erases } = await readEntry(world.store, 3);
  const { rows } = await world.file(
    world.merged.find(({ dataset }) => dataset === 'orders')?.fileIds[0] ?? '',
  );
  return {
    ...{
      openEntry,
      owner,
      nextNumber,
      request,
      orphans,
      kind,
      state,
      tables,
      gate,
      certificate,
      erases,
      rows,
    },
    answer: (await readRequest(world.store, 'e')).state,
    commits: world.warehouse.commits('orders'),
  };
}

describe('an erasure', () => {
  test('is an entry of the log that leaves nothing of the person, and a certificate of what it changed', async () => {
    const { world, digest, refused } = await livedIn();
    expect(await everything(world)).toContain(PERSON);
    expect(JSON.stringify(await world.file(refused))).toContain(PERSON);
    await askToErase(world, digest);
    await world.settle();
    // raw/ and the kept copies themselves are cleaned by the jobs
    const left = (await everything(world)).split('\n').filter((line) => line.includes(PERSON));
    expect(left).toEqual([BARE]);
    expect(await outcome(world)).toMatchObject({
      ...{ kind: 'erasure', state: 'DONE', erases: digest, certificate: 'certificates/000003.json' },
      ...{ openEntry: undefined, owner: undefined, request: undefined, answer: 'OPENED' },
      rows: { read: 1, inserted: 0, erased: 1 },
    });
    expect(world.document(`s3://${ARTEFACTS}/certificates/000003.json`)).toMatchObject({
      ...{ entry: 3, digest, unsearchable: [] },
      tables: expect.arrayContaining([{ name: 'orders', rows: 1 }]),
      files: [{ key: expect.stringMatching(/^archived\/orders\//) }],
      objects: {
        documents: [expect.stringMatching(/verdicts/), expect.stringMatching(/reasons\.json$/)],
        queryResults: 1,
      },
      exceptions: expect.arrayContaining([
        { what: expect.stringMatching(/^Backups of the ledger/), until: '2025-05-25T12:00:00.000Z' },
        { what: expect.stringMatching(/^The audit trail/), until: '2025-07-19T12:00:00.000Z' },
      ]),
    });
  });

  test('works on children before their parents, and touches no product', async () => {
    const { world, digest } = await livedIn();
    await askToErase(world, digest);
    await world.settle();
    expect((await readEntry(world.store, 3)).datasets).toEqual(['order_items', 'orders']);
    expect(world.warehouse.commits('orders').at(-1)).toBe('ERASE 3');
    expect(world.warehouse.commits('products').at(-1)).toBe('WRITE 1');
  });

  test('tells every later load whom to leave out, and no earlier one', async () => {
    const { world, digest } = await livedIn();
    const manifestOf = async (number: number): Promise<unknown> =>
      world.document(`s3://${ARTEFACTS}/${(await readEntry(world.store, number)).manifestKey}`);
    expect(await manifestOf(1)).not.toHaveProperty('erased');
    await askToErase(world, digest);
    await world.settle();
    await world.arrive('raw/orders/2.csv');
    await world.settle();
    expect(await manifestOf(4)).toMatchObject({
      erased: { key: `s3://${ARTEFACTS}/keys/erasure`, digests: [digest] },
    });
  });

  test('ends the same way wherever it is cut, and its resume at the same place again', async () => {
    const { world: undisturbed, digest: first } = await livedIn();
    await askToErase(undisturbed, first);
    const before = undisturbed.faults.writes;
    await runThrough(undisturbed);
    const writes = undisturbed.faults.writes - before;
    expect(writes).toBeGreaterThan(10);
    const normal = (value: unknown): string => JSON.stringify(value).replaceAll(/[0-9a-f]{64}/g, 'digest');
    for (let at = 1; at <= writes; at++) {
      for (const when of ['before', 'after'] as const) {
        const { world, digest } = await livedIn();
        await askToErase(world, digest);
        world.faults.crashAt(at, when);
        await runThrough(world, () => {
          world.faults.crashAt(at, when);
        });
        world.faults.crashAt(0, 'before');
        expect({ at, when, outcome: normal(await outcome(world)) }).toEqual({
          ...{ at, when },
          outcome: normal(await outcome(undisturbed)),
        });
        const left = (await everything(world)).split('\n').filter((line) => line.includes(PERSON));
        expect({ at, when, left }).toEqual({ at, when, left: [BARE] });
      }
    }
  });

  test('is refused under a legal hold, which it names, and writes nothing', async () => {
    const { world, digest } = await livedIn();
    await addHold(world.store, 'case-7', 'litigation', world.now());
    await askToErase(world, digest);
    await world.settle();
    expect(await readRequest(world.store, 'e')).toMatchObject({
      state: 'REFUSED',
      reason: expect.stringMatching(
        /legal hold is in force: case-7 \(litigation, since 2025-04-20T12:00:00.000Z\)/,
      ),
    });
    expect((await world.control()).nextNumber).toBe(3);
    expect(await everything(world)).toContain(PERSON);
  });

  test('is closed by nobody who has lost the lease', async () => {
    const { world, digest } = await livedIn();
    await askToErase(world, digest);
    world.started.length = 0;
    const lease = await world.acquire();
    const planned = await planBatch(world, world.settings, { lease, startedAt: world.now().toISOString() });
    if (planned.status !== 'OPERATING') throw new Error(planned.status);
    const { batch, datasets } = planned;
    const outcomes = await world.erase(lease, batch, datasets);
    world.running.clear();
    await acquireLease(world, 'jobs-', { executionArn: world.newExecution(), trigger: 'arrival' });
    await expect(publishOutcome(world, { lease, batch, outcomes, validation: [] })).rejects.toThrow(
      LeaseLost,
    );
    expect((await readEntry(world.store, 3)).state).toBe('OPEN');
  });
});
