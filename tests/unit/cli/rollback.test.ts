import { describe, expect, it } from '@jest/globals';
import rollbackSchema from '../../../schemas/outputs/rollback.schema.json';
import { type RunView } from '../../../src/cli/ingest/follow';
import { CommandFailed, ExitCode, UsageError } from '../../../src/cli/errors';
import { wantedOf } from '../../../src/cli/rollback/options';
import { renderRollback } from '../../../src/cli/rollback/output';
import { type RollbackResult, runRollback } from '../../../src/cli/rollback/rollback';
import { readEntry } from '../../../src/ledger/entries';
import { readFiles } from '../../../src/ledger/files';
import { ask } from '../../../src/ledger/requests';
import { type TableVersion } from '../../../src/rollback/batchAfter';
import { checker } from '../../../src/schema/validator';
import { rollBack, threeBatches } from '../fakes/rolledBack';
import { type World } from '../fakes/world';
import { FakeClock, FakeTerminal, never } from './fakes';

const check = checker(rollbackSchema);

/** A service that works whenever the command waits, unless it is asleep. */
async function play(
  world: World,
  wanted: number | TableVersion,
  { dryRun = false, asleep = false, id = 'r' } = {},
): Promise<RollbackResult & { terminal: FakeTerminal }> {
  const terminal = new FakeTerminal();
  const clock = new FakeClock();
  const view: RunView = {
    files: (ids) => readFiles(world.store, ids),
    entry: (number) => readEntry(world.store, number),
    failedExecutions: () => Promise.resolve([]),
    sweep: () => Promise.resolve(),
  };
  const result = await runRollback(
    {
      wanted: typeof wanted === 'number' ? { batch: wanted } : wanted,
      ...{ dryRun, timeoutMs: 60_000, signal: never },
      settings: { artefactsBucket: 'artefacts', warehouseBucket: 'warehouse' },
    },
    {
      ...{ store: world.store, objects: world.objects, executions: world.executions, view, terminal },
      clock: {
        now: clock.now,
        pause: async (milliseconds, signal) => {
          await clock.pause(milliseconds, signal);
          if (!asleep) await world.settle();
        },
      },
      newId: () => id,
    },
  );
  expect(check(result.output)).toMatchObject({ ok: true });
  return { ...result, terminal };
}

const FILES = [
  { key: 'raw/orders/2.csv', batch: 2, fate: 'WITHDRAWN' },
  { key: 'raw/products/2.csv', batch: 2, fate: 'WITHDRAWN' },
];

describe('rollback', () => {
  it('rolls back, follows the files that load again, and says what was done', async () => {
    const { world } = await threeBatches();
    const { output, exitCode } = await play(world, 2);
    expect(exitCode).toBe(ExitCode.ok);
    expect(output).toMatchObject({
      ...{ batch: 2, entry: 4, state: 'DONE', batches: [2, 3] },
      tables: [
        { name: 'products', from: 1, to: 0 },
        { name: 'orders', from: 3, to: 1 },
      ].sort((a, b) => a.name.localeCompare(b.name)),
      files: [
        ...FILES.map((file) => ({ ...file, state: 'WITHDRAWN' })),
        { key: 'raw/orders/3.csv', batch: 5, fate: 'QUEUED', state: 'ARCHIVED' },
      ],
    });
    expect(renderRollback(output)).toMatch(
      /batch 2 is rolled back, entry 4 of the log\nwith it the later batches: 3/,
    );
  });

  it('shows in a dry run what would be undone and what would load again, and writes nothing', async () => {
    const { world } = await threeBatches();
    const before = structuredClone([...world.store.items]);
    const { output, exitCode } = await play(world, 2, { dryRun: true });
    expect(exitCode).toBe(ExitCode.ok);
    expect(output).toMatchObject({
      ...{ batch: 2, entry: null, state: 'PLANNED', batches: [2, 3] },
      files: [
        ...FILES.map((file) => ({ ...file, state: 'ARCHIVED' })),
        { key: 'raw/orders/3.csv', batch: 3, fate: 'QUEUED', state: 'ARCHIVED' },
      ],
    });
    expect([...world.store.items]).toEqual(before);
    expect(world.started).toEqual([]);
    expect(renderRollback(output)).toContain('would be rolled back; nothing was written');
  });

  it('takes a dataset back to a version of its table, and lets the other files load again', async () => {
    const { world } = await threeBatches();
    const { output, exitCode, terminal } = await play(world, { table: 'orders', version: 1 });
    expect(exitCode).toBe(ExitCode.ok);
    expect(output).toMatchObject({
      ...{ batch: 2, dataset: 'orders', entry: 4, state: 'DONE', batches: [2, 3] },
      files: [
        { key: 'raw/orders/2.csv', fate: 'WITHDRAWN', state: 'WITHDRAWN' },
        { key: 'raw/orders/3.csv', fate: 'WITHDRAWN', state: 'WITHDRAWN' },
        { key: 'raw/products/2.csv', batch: 5, fate: 'QUEUED', state: 'ARCHIVED' },
      ],
    });
    expect(terminal.notes[0]).toBe('orders is rolled back as soon as no other batch is open');
    expect(renderRollback(output)).toMatch(/^orders to before batch 2 is rolled back, entry 4 of the log\n/);
  });

  it('takes a batch, or a table with a version, and nothing else', () => {
    const common = { stage: 'local', timeout: '1m' };
    expect(wantedOf({ ...common, batch: '7' })).toEqual({ batch: 7 });
    expect(wantedOf({ ...common, table: 'orders', toVersion: '0' })).toEqual({ table: 'orders', version: 0 });
    for (const wrong of [
      {},
      { table: 'orders' },
      { toVersion: '3' },
      { batch: '7', table: 'orders', toVersion: '3' },
      { table: 'nothing', toVersion: '3' },
      { table: 'orders', toVersion: 'three' },
    ])
      expect(() => wantedOf({ ...common, ...wrong })).toThrow(UsageError);
  });

  it('fails with the reason when it is refused, before it asks for anything', async () => {
    const { world } = await threeBatches();
    const before = structuredClone([...world.store.items]);
    await expect(play(world, 7)).rejects.toThrow(new CommandFailed('The log has no batch 7'));
    expect([...world.store.items]).toEqual(before);
  });

  it('fails with the reason when an execution refuses what the command thought possible', async () => {
    const { world } = await threeBatches();
    await rollBack(world, 2, 'other');
    await expect(play(world, 3)).rejects.toThrow(/rollback of batch 2 was asked for before and waits/);
    const late = play(world, 2, { id: 'late' });
    expect((await late).output).toMatchObject({ entry: 4, state: 'DONE' });
    await expect(play(world, 2, { id: 'again' })).rejects.toThrow(/rolled back already, by entry 4/);
  });

  it('follows the same request when it is asked again', async () => {
    const { world } = await threeBatches();
    await ask(world.store, { id: 'before', operation: 'rollback', batch: 3 }, world.now());
    expect((await play(world, 3)).output).toMatchObject({ state: 'DONE', entry: 4 });
    expect((await world.control()).nextNumber).toBe(5);
  });

  it('leaves it to the service at the timeout', async () => {
    const { world } = await threeBatches();
    const { output, exitCode, terminal } = await play(world, 3, { asleep: true });
    expect([exitCode, output.state, output.entry]).toEqual([ExitCode.stillRunning, 'PENDING', null]);
    expect(terminal.notes.at(-1)).toMatch(/still running/);
  });
});
