import { describe, expect, it } from '@jest/globals';
import ingestSchema from '../../../schemas/outputs/ingest.schema.json';
import { ExitCode } from '../../../src/cli/errors';
import { ingest, type IngestPorts, type IngestResult } from '../../../src/cli/ingest/ingest';
import { renderOutput } from '../../../src/cli/ingest/outcome';
import { type Source } from '../../../src/cli/ingest/sources';
import { type ControlItem, type FileItem } from '../../../src/ledger/items';
import { checker } from '../../../src/schema/validator';
import { entryItem, FakeClock, FakeRun, FakeTerminal, fileItem, never } from './fakes';

const check = checker(ingestSchema);
const datasets = ['products', 'orders', 'order_items'];
const source = (name: string, dataset = 'orders'): Source => ({
  path: name,
  dataset,
  key: `raw/${dataset}/${name}`,
  size: 1,
});
const rows = {
  read: 5,
  inserted: 4,
  updated: 0,
  unchanged: 0,
  superseded: 0,
  duplicate: 0,
  rejected: 1,
  orphaned: 0,
};
const validation = [{ name: 'orders primary key', violations: 0 }];
const tables = [
  { name: 'orders', version: 2, rows: 4 },
  { name: 'orders_rejects', version: 1, rows: 1 },
];
const done = entryItem(1, 'DONE', { validation, tables, seconds: 9.5 });
const archived = fileItem('id-a.csv', 'ARCHIVED', { batch: 1, rows });
const control: ControlItem = {
  pk: 'control',
  sk: 'control',
  epoch: 'e',
  fence: 1,
  arrived: 0,
  planned: 0,
  nextNumber: 1,
};

interface Scene {
  readonly run: FakeRun;
  readonly sources?: readonly Source[];
  readonly ignored?: readonly string[];
  readonly ledger?: ControlItem;
  readonly ports?: Partial<IngestPorts>;
}

async function play(scene: Scene): Promise<IngestResult & { terminal: FakeTerminal }> {
  const terminal = new FakeTerminal();
  const result = await ingest(
    {
      sources: { files: scene.sources ?? [source('a.csv')], ignored: scene.ignored ?? [] },
      datasets,
      timeoutMs: 60_000,
      signal: never,
    },
    {
      terminal,
      view: scene.run,
      put: () => Promise.resolve('v1'),
      control: () => Promise.resolve(scene.ledger),
      fileId: (key) => `id-${key.split('/').at(-1)!}`,
      clock: new FakeClock(),
      ...scene.ports,
    },
  );
  expect(check(result.output)).toMatchObject({ ok: true });
  return { ...result, terminal };
}

describe('ingest', () => {
  it('waits until every file is final and its batch closed, and gives the document of the issue', async () => {
    const planned = fileItem('id-a.csv', 'PLANNED', { batch: 1 });
    const run = new FakeRun([
      { files: [], entries: [] },
      { files: [fileItem('id-a.csv', 'PENDING')], entries: [] },
      { files: [planned], entries: [entryItem(1, 'OPEN')] },
      { files: [archived], entries: [entryItem(1, 'OPEN')] },
      { files: [archived], entries: [done] },
    ]);
    const { output, exitCode, terminal } = await play({ run });
    expect(exitCode).toBe(ExitCode.ok);
    expect(output).toEqual({
      files: [{ key: 'raw/orders/a.csv', dataset: 'orders', state: 'ARCHIVED', reasons: [], rows }],
      batches: [{ number: 1, datasets: ['orders'], jobRuns: 3, seconds: 9.5 }],
      validation: [{ name: 'orders primary key', passed: true, violations: 0 }],
      tables: [{ name: 'orders', rows: 4, version: 2 }],
    });
    expect(terminal.stdout).toBe('');
    expect(terminal.progressed).toEqual([
      'uploaded: 1 of 1 files',
      'files: 1 uploaded',
      'files: 1 pending',
      'files: 1 planned; running: batch 1 (orders)',
      'files: 1 archived; running: batch 1 (orders)',
    ]);
  });

  it('gives no rows but the reasons for a file that its header condemned, and ends well', async () => {
    const reasons = [{ rule: 'MISSING_COLUMN', column: 'total', message: 'add it' }];
    const run = new FakeRun([
      { files: [fileItem('id-a.csv', 'REJECTED', { batch: 1, reasons })], entries: [done] },
    ]);
    const { output, exitCode } = await play({ run });
    expect(exitCode).toBe(ExitCode.ok);
    expect(output.files[0]).toMatchObject({ state: 'REJECTED', rows: null, reasons });
    expect(renderOutput(output)).toContain('raw/orders/a.csv: MISSING_COLUMN: add it');
  });

  it.each<FileItem['state']>(['FAILED', 'WITHDRAWN'])('ends 1 when a file is %s', async (state) => {
    const run = new FakeRun([{ files: [fileItem('id-a.csv', state, { batch: 1 })], entries: [done] }]);
    expect((await play({ run })).exitCode).toBe(ExitCode.failed);
  });

  it('ends 1 when the validation of a batch has violations, whatever later ones find, or none is on record', async () => {
    const violated = entryItem(1, 'DONE', { tables, validation: [{ name: 'keys', violations: 2 }] });
    const bad = await play({ run: new FakeRun([{ files: [archived], entries: [violated] }]) });
    expect(bad.exitCode).toBe(ExitCode.failed);
    expect(bad.output.validation).toEqual([{ name: 'keys', passed: false, violations: 2 }]);
    const fine = entryItem(2, 'DONE', { tables, validation: [{ name: 'keys', violations: 0 }] });
    const mixed = await play({
      run: new FakeRun([
        { files: [{ ...archived, state: 'PENDING' }], entries: [violated] },
        { files: [{ ...archived, batch: 2 }], entries: [violated, fine] },
      ]),
    });
    expect(mixed.exitCode).toBe(ExitCode.failed);
    expect(mixed.output.validation).toEqual(bad.output.validation);
    const silent = await play({ run: new FakeRun([{ files: [archived], entries: [entryItem(1, 'DONE')] }]) });
    expect(silent.exitCode).toBe(ExitCode.failed);
  });

  it('names every batch that took one of the files, also one that put it back', async () => {
    const run = new FakeRun([
      { files: [fileItem('id-a.csv', 'PLANNED', { batch: 1 })], entries: [entryItem(1, 'OPEN')] },
      { files: [fileItem('id-a.csv', 'PENDING', { batch: 1 })], entries: [entryItem(1, 'FAILED')] },
      {
        files: [fileItem('id-a.csv', 'ARCHIVED', { batch: 2, rows })],
        entries: [entryItem(1, 'FAILED'), entryItem(2, 'DONE', { validation, tables })],
      },
    ]);
    const { output, exitCode } = await play({ run });
    expect(output.batches.map(({ number }) => number)).toEqual([1, 2]);
    expect(exitCode).toBe(ExitCode.ok);
  });

  it('tells at once that an execution failed, once, and goes on waiting', async () => {
    const open = { files: [fileItem('id-a.csv', 'PLANNED', { batch: 1 })], entries: [entryItem(1, 'OPEN')] };
    const run = new FakeRun([
      ...Array.from({ length: 40 }, () => open),
      { files: [archived], entries: [done] },
    ]);
    run.failures = [{ arn: 'a:b:run-1', status: 'FAILED', error: 'JobStalled', cause: 'driver lost' }];
    const { exitCode, terminal } = await play({ run });
    expect(exitCode).toBe(ExitCode.ok);
    expect(terminal.notes.filter((line) => line.includes('run-1'))).toEqual([
      'execution run-1 ended FAILED: JobStalled: driver lost',
    ]);
  });

  it('ends 3 at the timeout with what is known then', async () => {
    const run = new FakeRun([
      { files: [fileItem('id-a.csv', 'PLANNED', { batch: 1 })], entries: [entryItem(1, 'OPEN')] },
    ]);
    const { output, exitCode, terminal } = await play({ run });
    expect(exitCode).toBe(ExitCode.stillRunning);
    expect(output.files[0]).toMatchObject({ state: 'PLANNED', rows: null });
    expect(output.batches).toEqual([{ number: 1, datasets: ['orders'], jobRuns: 3, seconds: null }]);
    expect(terminal.notes.join()).toContain('still running after 60 s');
  });

  it('makes the service look once for files that nobody announced', async () => {
    const run = new FakeRun([{ files: [], entries: [] }]);
    const { output, exitCode } = await play({ run });
    expect(run.sweeps).toBe(1);
    expect([output.files[0]?.state, exitCode]).toEqual(['UPLOADED', ExitCode.stillRunning]);
  });

  it.each([
    ['a batch is open', { ...control, openEntry: 4, nextNumber: 5 }, 1],
    ['files wait for a batch', { ...control, arrived: 3, planned: 1 }, 1],
    ['nothing is left over', control, 0],
  ])('sweeps before it uploads when %s', async (_, ledger, sweeps) => {
    const run = new FakeRun([{ files: [archived], entries: [done] }]);
    const sweepsAtUpload: number[] = [];
    const put = (): Promise<string> => {
      sweepsAtUpload.push(run.sweeps);
      return Promise.resolve('v1');
    };
    await play({ run, ledger, ports: { put } });
    expect(sweepsAtUpload).toEqual([sweeps]);
  });

  it('names what it does not upload', async () => {
    const run = new FakeRun([{ files: [archived], entries: [done] }]);
    const { terminal } = await play({ run, ignored: ['data/LICENSE'] });
    expect(terminal.notes.join()).toContain('not uploaded: data/LICENSE');
  });
});
