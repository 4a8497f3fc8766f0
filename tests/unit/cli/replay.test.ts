import { describe, expect, it } from '@jest/globals';
import { CommandFailed, ExitCode, UsageError } from '../../../src/cli/errors';
import { type IngestResult } from '../../../src/cli/ingest/ingest';
import { type ReplayOptions, selectionsOf } from '../../../src/cli/replay/options';
import { runReplay } from '../../../src/cli/replay/replay';
import { keys, type FileItem } from '../../../src/ledger/items';
import { type Selection } from '../../../src/replay/selection';
import { MemoryStore } from '../fakes/memoryStore';
import { entryItem, FakeClock, FakeRun, FakeTerminal, fileItem, never } from './fakes';

const ID = 'a'.repeat(32);
const archived = fileItem(ID, 'ARCHIVED', { batch: 1, location: `archived/orders/batch=1/${ID}-a.csv` });
const done = entryItem(2, 'DONE', { validation: [{ name: 'keys', violations: 0 }], seconds: 9 });

async function play(
  ledger: readonly FileItem[],
  run: FakeRun,
  { selections = [{ by: 'arrival' }], dryRun = false }: { selections?: Selection[]; dryRun?: boolean } = {},
): Promise<IngestResult & { terminal: FakeTerminal; started: string[]; store: MemoryStore }> {
  const terminal = new FakeTerminal();
  const store = new MemoryStore();
  const started: string[] = [];
  const control = { epoch: 'e', fence: 1, arrived: 1, planned: 1, nextNumber: 2 };
  await store.commit([
    { kind: 'put', key: keys.control, item: control },
    ...ledger.map((file) => ({ kind: 'put', key: keys.file(file.fileId), item: { ...file } }) as const),
  ]);
  const result = await runReplay(
    { selections, datasets: ['orders'], dryRun, timeoutMs: 60_000, signal: never },
    {
      ...{ store, terminal, view: run, clock: new FakeClock(), now: () => new Date(0) },
      async *files() {
        await Promise.resolve();
        yield* ledger;
      },
      executions: {
        start: ({ trigger }) => {
          started.push(trigger);
          return Promise.resolve();
        },
      },
    },
  );
  return { ...result, terminal, started, store };
}

describe('replay', () => {
  it('queues the files, starts an execution and follows the new batch only', async () => {
    const run = new FakeRun([
      { files: [{ ...archived, state: 'PENDING' }], entries: [entryItem(1, 'DONE')] },
      { files: [{ ...archived, state: 'PLANNED', batch: 2 }], entries: [entryItem(2, 'OPEN')] },
      { files: [{ ...archived, batch: 2 }], entries: [done] },
    ]);
    const { output, exitCode, started } = await play([archived], run);
    expect([exitCode, started]).toEqual([ExitCode.ok, ['command']]);
    expect(output).toMatchObject({
      files: [{ key: 'raw/orders/a.csv', state: 'ARCHIVED' }],
      batches: [{ number: 2 }],
      validation: [{ passed: true }],
    });
  });

  it('only shows what it would do in a dry run', async () => {
    const pending = fileItem('b'.repeat(32), 'PENDING', { key: 'raw/orders/b.csv' });
    const { output, exitCode, started, store, terminal } = await play([archived, pending], new FakeRun([]), {
      dryRun: true,
    });
    expect([exitCode, started]).toEqual([ExitCode.ok, []]);
    expect(output.files.map(({ state }) => state)).toEqual(['ARCHIVED', 'PENDING']);
    expect(await store.get(keys.file(ID))).toMatchObject({ state: 'ARCHIVED' });
    expect(terminal.notes).toEqual([
      `would be loaded again: raw/orders/a.csv@${ID} (ARCHIVED in batch 1, kept at archived/orders/batch=1/${ID}-a.csv)`,
      `left alone: raw/orders/b.csv@${'b'.repeat(32)} (PENDING, kept at raw/orders/b.csv)`,
    ]);
  });

  it('names the files that are on their way already', async () => {
    const planned = fileItem(ID, 'PLANNED', { batch: 1 });
    const { exitCode, terminal, started } = await play([planned], new FakeRun([{ files: [], entries: [] }]));
    expect(exitCode).toBe(ExitCode.ok);
    expect(terminal.notes.join()).toContain(`left alone, it is on its way: raw/orders/a.csv@${ID} (PLANNED`);
    expect(started).toEqual(['command']);
  });

  it('fails when the ledger does not know what was named, not when nothing failed', async () => {
    const named: Selection[] = [{ by: 'file', key: 'raw/orders/no.csv' }];
    await expect(play([archived], new FakeRun([]), { selections: named })).rejects.toThrow(CommandFailed);
    const run = new FakeRun([{ files: [], entries: [] }]);
    expect((await play([archived], run, { selections: [{ by: 'failure' }] })).exitCode).toBe(ExitCode.ok);
  });
});

describe('the options of replay', () => {
  const options = (more: Partial<ReplayOptions>): ReplayOptions => ({
    stage: 'local',
    timeout: '1m',
    ...more,
  });

  it.each([
    [{ file: [`orders/a@b.csv@${ID}`] }, [{ by: 'file', key: 'raw/orders/a@b.csv', fileId: ID }]],
    [
      { file: ['raw/x.csv', 'y.csv'] },
      [
        { by: 'file', key: 'raw/x.csv' },
        { by: 'file', key: 'raw/y.csv' },
      ],
    ],
    [{ batch: '12' }, [{ by: 'batch', number: 12 }]],
    [{ failed: true as const }, [{ by: 'failure' }]],
    [
      { from: '2025-04-01', to: '2025-04-02T10:00:00Z' },
      [{ by: 'arrival', from: new Date('2025-04-01'), to: new Date('2025-04-02T10:00:00Z') }],
    ],
  ])('%j choose %j', (given, selections) => {
    expect(selectionsOf(options(given))).toEqual(selections);
  });

  it.each([
    {},
    { failed: true as const, batch: '1' },
    { batch: '0' },
    { batch: 'x' },
    { from: 'yesterday' },
    { to: '2025-13-01' },
    { from: '2025-04-01T10:00:00' },
  ])('%j are a usage error', (given) => {
    expect(() => selectionsOf(options(given))).toThrow(UsageError);
  });
});
