import { isOpen } from '../../ledger/entries';
import { type EntryItem, type FileItem } from '../../ledger/items';
import { type Terminal } from '../terminal';

/** An execution of the state machine that ended badly. */
export interface FailedExecution {
  readonly arn: string;
  readonly status: string;
  readonly error: string;
  readonly cause: string;
}

/** What following a run needs to see and do. */
export interface RunView {
  files(fileIds: readonly string[]): Promise<ReadonlyMap<string, FileItem>>;
  entry(number: number): Promise<EntryItem>;
  /** Executions that ended badly after the moment. */
  failedExecutions(since: Date): Promise<readonly FailedExecution[]>;
  /** Makes the service look for files that it has not noticed, and go on with what was left over. */
  sweep(): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface FollowOptions {
  /** Batches up to this one had closed before; what took the files then is no part of the run. */
  readonly after: number;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What became of the files. */
export interface Followed {
  readonly files: ReadonlyMap<string, FileItem>;
  /** Every batch that took one of the files, by number. */
  readonly entries: readonly EntryItem[];
  readonly timedOut: boolean;
}

/** Uploads that the ledger does not know after this time were not announced: an event was lost. */
const REGISTRATION_MS = 15_000;
const FAILURES_EVERY_MS = 5_000;
const FINAL: readonly string[] = ['ARCHIVED', 'REJECTED', 'FAILED', 'WITHDRAWN'];

export function isFinal(file: FileItem | undefined): boolean {
  return file !== undefined && FINAL.includes(file.state);
}

/** Follows the ledger until every file has its final state and every batch that took one is closed, or time is over. */
export async function follow(
  fileIds: readonly string[],
  view: RunView,
  terminal: Terminal,
  clock: Clock,
  options: FollowOptions,
): Promise<Followed> {
  const begin = clock.now();
  const entries = new Map<number, EntryItem>();
  const told = new Set<string>();
  let swept = false;
  let failuresReadAt = -Infinity;
  for (;;) {
    options.signal.throwIfAborted();
    const files = await view.files(fileIds);
    await readEntries(files, entries, view, options.after);
    const done = fileIds.every((id) => isFinal(files.get(id))) && ![...entries.values()].some(isOpen);
    // whatever failed before the end is told, so the last look at the failures comes after the last look at the files
    if (done || clock.now() - failuresReadAt >= FAILURES_EVERY_MS) {
      failuresReadAt = clock.now();
      tellFailures(await view.failedExecutions(new Date(options.startedAt)), told, terminal);
    }
    if (done || clock.now() - options.startedAt >= options.timeoutMs) {
      return { files, entries: [...entries.values()].sort((a, b) => a.number - b.number), timedOut: !done };
    }
    terminal.progress(describe(fileIds, files, entries));
    if (!swept && files.size < fileIds.length && clock.now() - begin >= REGISTRATION_MS) {
      swept = true;
      terminal.note(
        `${fileIds.length - files.size} files were not noticed in ${REGISTRATION_MS / 1000} s: the service is told to look`,
      );
      await view.sweep();
    }
    await clock.pause(pollInterval(fileIds.length), options.signal);
  }
}

/** A thousand files are ten reads a look, so many files are looked at less often. */
function pollInterval(files: number): number {
  return Math.min(500 + 5 * files, 5_000);
}

/** Reads the batches of the files and those still open; a closed one does not change any more. */
async function readEntries(
  files: ReadonlyMap<string, FileItem>,
  entries: Map<number, EntryItem>,
  view: RunView,
  after: number,
): Promise<void> {
  const numbers = new Set(entries.keys());
  for (const { batch = 0 } of files.values()) if (batch > after) numbers.add(batch);
  for (const number of numbers) {
    const known = entries.get(number);
    if (known === undefined || isOpen(known)) entries.set(number, await view.entry(number));
  }
}

/** Notes each failed execution once. */
export function tellFailures(
  failures: readonly FailedExecution[],
  told: Set<string>,
  terminal: Terminal,
): void {
  for (const { arn, status, error, cause } of failures) {
    if (told.has(arn)) continue;
    told.add(arn);
    terminal.note(
      `execution ${arn.split(':').at(-1) ?? arn} ended ${status}: ${error}${cause && `: ${cause}`}`,
    );
    terminal.note('  what it left open is taken up by the next execution (arrival, hourly sweep, ingest)');
  }
}

function describe(
  fileIds: readonly string[],
  files: ReadonlyMap<string, FileItem>,
  entries: ReadonlyMap<number, EntryItem>,
): string {
  const states = new Map<string, number>();
  const count = (state: string): unknown => states.set(state, (states.get(state) ?? 0) + 1);
  for (const id of fileIds) count(files.get(id)?.state.toLowerCase() ?? 'uploaded');
  const parts = [...states].map(([state, number]) => `${number} ${state}`);
  const open = [...entries.values()].filter(isOpen);
  const batches = open.map(({ number, datasets }) => `batch ${number} (${datasets.join(', ')})`);
  return `files: ${parts.join(', ')}${batches.length === 0 ? '' : `; running: ${batches.join(', ')}`}`;
}
