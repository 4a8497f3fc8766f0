import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FailedExecution, type RunView } from '../../../src/cli/ingest/follow';
import { type Athena, type ResultPage } from '../../../src/cli/query/athena';
import { type Terminal } from '../../../src/cli/terminal';
import { type EntryItem, type FileItem } from '../../../src/ledger/items';

/** Remembers what was said. */
export class FakeTerminal implements Terminal {
  stdout = '';
  readonly notes: string[] = [];
  readonly progressed: string[] = [];

  write(text: string): Promise<void> {
    this.stdout += text;
    return Promise.resolve();
  }

  note(line: string): void {
    this.notes.push(line);
  }

  progress(line: string): void {
    this.progressed.push(line);
  }
}

/** Time that passes only while somebody waits. */
export class FakeClock {
  private time = Date.parse('2025-05-01T00:00:00Z');

  now = (): number => this.time;

  pause = (milliseconds: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    this.time += milliseconds;
    return Promise.resolve();
  };
}

/** A service whose ledger has the next of the given states at every look, and keeps the last. */
export class FakeRun implements RunView {
  sweeps = 0;
  failures: FailedExecution[] = [];
  private look = 0;

  constructor(private readonly states: readonly { files: FileItem[]; entries: EntryItem[] }[]) {}

  private get now(): { files: FileItem[]; entries: EntryItem[] } {
    return this.states[Math.min(this.look, this.states.length) - 1]!;
  }

  files(fileIds: readonly string[]): Promise<ReadonlyMap<string, FileItem>> {
    this.look += 1;
    const asked = this.now.files.filter(({ fileId }) => fileIds.includes(fileId));
    return Promise.resolve(new Map(asked.map((file) => [file.fileId, file])));
  }

  entry(number: number): Promise<EntryItem> {
    return Promise.resolve(this.now.entries.find((entry) => entry.number === number)!);
  }

  failedExecutions(): Promise<readonly FailedExecution[]> {
    return Promise.resolve(this.failures);
  }

  sweep(): Promise<void> {
    this.sweeps += 1;
    return Promise.resolve();
  }
}

export function fileItem(fileId: string, state: FileItem['state'], more: Partial<FileItem> = {}): FileItem {
  const moment = '2025-05-01T00:00:00Z';
  return {
    pk: `file#${fileId}`,
    sk: 'file',
    fileId,
    dataset: 'orders',
    key: 'raw/orders/a.csv',
    versionId: 'v1',
    sequence: '1746057600000-000000-raw/orders/a.csv',
    lastModified: moment,
    size: 10,
    etag: 'e',
    state,
    registeredAt: moment,
    ...more,
  };
}

export function entryItem(
  number: number,
  state: EntryItem['state'],
  more: Partial<EntryItem> = {},
): EntryItem {
  return {
    pk: 'entry',
    sk: String(number).padStart(10, '0'),
    number,
    kind: 'load',
    state,
    manifestKey: 'batches/e/1/manifest.json',
    manifestHash: 'a'.repeat(64),
    openedAt: '2025-05-01T00:00:00Z',
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:lakehouse-local-ingest:run-1',
    files: 1,
    datasets: ['orders'],
    jobRuns: 3,
    ...more,
  };
}

/** A query that answers with these pages. */
export class FakeAthena implements Athena {
  readonly stopped: string[] = [];
  readonly started: string[] = [];

  constructor(
    private readonly pages: readonly ResultPage[],
    private readonly states: readonly string[] = ['QUEUED', 'RUNNING', 'SUCCEEDED'],
    private readonly reason = '',
    private readonly statementType = 'DML',
  ) {}

  private looks = 0;

  start(sql: string): Promise<string> {
    this.started.push(sql);
    return Promise.resolve('q-1');
  }

  state(): Promise<{ state: string; reason: string; statementType: string }> {
    const state = this.states[Math.min(this.looks, this.states.length - 1)]!;
    this.looks += 1;
    return Promise.resolve({ state, reason: this.reason, statementType: this.statementType });
  }

  page(_id: string, token: string | undefined): Promise<ResultPage> {
    return Promise.resolve(this.pages[Number(token ?? 0)]!);
  }

  stop(id: string): Promise<void> {
    this.stopped.push(id);
    return Promise.resolve();
  }

  pause(_milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return Promise.resolve();
  }
}

/** A folder with these files; call `remove` when done. */
export function folderOf(files: Readonly<Record<string, string>>): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'cli-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true });
    },
  };
}

export const never = new AbortController().signal;
