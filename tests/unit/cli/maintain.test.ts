import { describe, expect, it } from '@jest/globals';
import maintainSchema from '../../../schemas/outputs/maintain.schema.json';
import { ExitCode } from '../../../src/cli/errors';
import { type RunView } from '../../../src/cli/ingest/follow';
import { type MaintainResult, runMaintain } from '../../../src/cli/maintain/maintain';
import { renderMaintain } from '../../../src/cli/maintain/output';
import { readEntry } from '../../../src/ledger/entries';
import { readFiles } from '../../../src/ledger/files';
import { ask } from '../../../src/ledger/requests';
import { checker } from '../../../src/schema/validator';
import { askForMaintenance, smallLoads } from '../fakes/maintained';
import { type World } from '../fakes/world';
import { FakeClock, FakeTerminal, never } from './fakes';

const check = checker(maintainSchema);

/** A service that works whenever the command waits, unless it is asleep. */
async function play(
  world: World,
  { dryRun = false, asleep = false, table = undefined as string | undefined } = {},
): Promise<MaintainResult & { terminal: FakeTerminal }> {
  const terminal = new FakeTerminal();
  const clock = new FakeClock();
  const view: RunView = {
    files: (ids) => readFiles(world.store, ids),
    entry: (number) => readEntry(world.store, number),
    failedExecutions: () => Promise.resolve([]),
    sweep: () => Promise.resolve(),
  };
  const { undoDays, maintenance, warehouseBucket, artefactsBucket } = world.settings;
  const result = await runMaintain(
    {
      ...{ table, dryRun, timeoutMs: 60_000, signal: never },
      settings: { undoDays, warehouseBucket, artefactsBucket, ...maintenance },
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
      newId: () => 'r',
    },
  );
  expect(check(result.output)).toMatchObject({ ok: true });
  return { ...result, terminal };
}

describe('maintain', () => {
  it('maintains what needs it and says what was done', async () => {
    const world = await smallLoads();
    const { output, exitCode } = await play(world);
    expect(exitCode).toBe(ExitCode.ok);
    expect(output).toMatchObject({
      ...{ entry: 5, state: 'DONE' },
      planned: [{ name: 'orders', files: 4, bytes: 400, partitions: 1, zOrdered: 0, expired: 0 }],
      tables: [{ name: 'orders', filesBefore: 4, filesAfter: 1 }],
    });
    expect(renderMaintain(output)).toMatch(/^maintained, entry 5 of the log\n[^]*orders[ │]+4[ │]+1/);
  });

  it('shows in a dry run what there is to do, and writes nothing', async () => {
    const world = await smallLoads();
    const before = structuredClone([...world.store.items]);
    const { output, exitCode } = await play(world, { dryRun: true });
    expect([exitCode, output.state, output.entry]).toEqual([ExitCode.ok, 'PLANNED', null]);
    expect(output.planned).toMatchObject([{ name: 'orders', partitions: 1 }]);
    expect([...world.store.items]).toEqual(before);
    expect(world.started).toEqual([]);
    expect(renderMaintain(output)).toMatch(
      /^this would be done; nothing was written\n[^]*orders[ │]+4[ │]+400[ │]+1/,
    );
  });

  it('is content when there is nothing to do', async () => {
    const world = await smallLoads(2);
    for (const dryRun of [true, false]) {
      const { output, exitCode } = await play(world, { dryRun });
      expect([exitCode, output]).toEqual([
        ExitCode.ok,
        { entry: null, state: 'NEEDLESS', planned: [], tables: [] },
      ]);
      expect(renderMaintain(output)).toMatch(/^nothing to do/);
    }
  });

  it('looks at one table when it is told to', async () => {
    const world = await smallLoads();
    expect((await play(world, { table: 'products' })).output.state).toBe('NEEDLESS');
  });

  it('fails when a job did, with what the others have done', async () => {
    const world = await smallLoads();
    world.poison = (_, keys) => (keys.length === 0 ? 'JobInterrupted' : undefined);
    const { output, exitCode } = await play(world);
    expect([exitCode, output.state, output.tables]).toEqual([ExitCode.failed, 'FAILED', []]);
    expect(renderMaintain(output)).toMatch(/^maintained in part/);
  });

  it('follows the request of the schedule where that waits, and does not stand behind a rollback', async () => {
    const world = await smallLoads();
    await askForMaintenance(world, 'scheduled');
    expect((await play(world)).output).toMatchObject({ entry: 5, state: 'DONE' });
    await ask(world.store, { id: 'other', operation: 'rollback', batch: 2 }, world.now());
    await expect(play(world)).rejects.toThrow(/rollback of batch 2 was asked for before/);
  });

  it('leaves it to the service at the timeout', async () => {
    const world = await smallLoads();
    const { output, exitCode, terminal } = await play(world, { asleep: true });
    expect([exitCode, output.state, output.entry]).toEqual([ExitCode.stillRunning, 'PENDING', null]);
    expect(terminal.notes.at(-1)).toMatch(/still waiting/);
  });
});
