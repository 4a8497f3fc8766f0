import { describe, expect, it } from '@jest/globals';
import eraseSchema from '../../../schemas/outputs/erase.schema.json';
import { type EraseResult, runErase } from '../../../src/cli/erase/erase';
import { renderHolds, runHold } from '../../../src/cli/erase/hold';
import { renderErase } from '../../../src/cli/erase/output';
import { ExitCode } from '../../../src/cli/errors';
import { type RunView } from '../../../src/cli/ingest/follow';
import { readEntry } from '../../../src/ledger/entries';
import { readFiles } from '../../../src/ledger/files';
import { ask } from '../../../src/ledger/requests';
import { checker } from '../../../src/schema/validator';
import { World } from '../fakes/world';
import { FakeClock, FakeTerminal, never } from './fakes';

const check = checker(eraseSchema);
const PERSON = 'planted-7f3a9c';

async function loaded(): Promise<World> {
  const world = new World();
  await world.arrive('raw/orders/1.csv', 'raw/products/1.csv');
  await world.settle();
  return world;
}

/** A service that works whenever the command waits, unless it is asleep. */
async function play(
  world: World,
  { user = PERSON, asleep = false } = {},
): Promise<EraseResult & { terminal: FakeTerminal }> {
  const terminal = new FakeTerminal();
  const clock = new FakeClock();
  const view: RunView = {
    files: (ids) => readFiles(world.store, ids),
    entry: (number) => readEntry(world.store, number),
    failedExecutions: () => Promise.resolve([]),
    sweep: () => Promise.resolve(),
  };
  const result = await runErase(
    { user, artefactsBucket: world.settings.artefactsBucket, timeoutMs: 60_000, signal: never },
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

describe('erase', () => {
  it('erases a person and shows the certificate, and the id is written nowhere', async () => {
    const world = await loaded();
    const { output, exitCode } = await play(world, { user: ` ${PERSON} ` });
    expect([exitCode, output.state, output.entry]).toEqual([ExitCode.ok, 'DONE', 2]);
    const shown = renderErase(output);
    expect(shown).toMatch(/^erased, entry 2 of the log; certificate: certificates\/000002\.json\n/);
    expect(shown).toMatch(/not reached:\n- Backups of the ledger .*; until 2025-05-25T/);
    expect(JSON.stringify([...world.store.items])).not.toContain(PERSON);
    const written = world.objects.under('artefacts').map((key) => world.objects.text('artefacts', key));
    expect(written.join('\n')).not.toContain(PERSON);
  });

  it('says so when it is still at work at the timeout', async () => {
    const { output, exitCode, terminal } = await play(await loaded(), { asleep: true });
    expect([exitCode, output.state]).toEqual([ExitCode.stillRunning, 'PENDING']);
    expect(terminal.notes.join('\n')).toMatch(/it goes on without this command/);
    expect(renderErase(output)).toBe('the erasure waits for the batch that is open\n');
  });

  it('is refused while another operation waits, and for an id that is empty', async () => {
    const world = await loaded();
    await expect(play(world, { user: ' ' })).rejects.toThrow(/--user needs the id/);
    await ask(world.store, { id: 'm', operation: 'maintenance' }, world.now());
    await expect(play(world)).rejects.toThrow(/^Maintenance was asked for before and waits/);
  });

  it('is refused under a legal hold, before anything is asked for', async () => {
    const world = await loaded();
    await runHold({ add: 'case-7', reason: 'litigation' }, world.store, world.now());
    await expect(play(world)).rejects.toMatchObject({
      name: 'ErasureRefused',
      message: expect.stringMatching(/case-7 \(litigation/),
    });
    expect((await world.control()).request).toBeUndefined();
  });
});

describe('hold', () => {
  it('lists, adds and removes holds', async () => {
    const { store, now } = await loaded();
    expect(renderHolds(await runHold({}, store, now()))).toBe('no legal hold is in force\n');
    await runHold({ add: 'b', reason: 'audit' }, store, now());
    const two = await runHold({ add: 'a', reason: 'court' }, store, now());
    expect(two.map(({ name, reason }) => [name, reason])).toEqual([
      ['a', 'court'],
      ['b', 'audit'],
    ]);
    expect(renderHolds(two)).toMatch(/a[ │]+2025-04-20T12:00:00\.000Z[ │]+court/);
    expect(await runHold({ remove: 'a' }, store, now())).toHaveLength(1);
  });

  it('refuses what makes no sense', async () => {
    const { store, now } = await loaded();
    await expect(runHold({ add: 'a' }, store, now())).rejects.toThrow(/--add needs a --reason/);
    await expect(runHold({ add: 'a', remove: 'a' }, store, now())).rejects.toThrow(/not both/);
    await expect(runHold({ remove: 'a' }, store, now())).rejects.toThrow(/There is no legal hold a/);
  });
});
