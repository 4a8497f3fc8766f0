import { findFiles, isReplayable, type Replay, replay, type ReplayPorts } from '../../replay/replay';
import { type Selection } from '../../replay/selection';
import { type FileItem } from '../../ledger/items';
import { CommandFailed, ExitCode } from '../errors';
import { type Clock, follow, type RunView } from '../ingest/follow';
import { type IngestResult, resultOf } from '../ingest/ingest';
import { ingestOutput } from '../ingest/outcome';
import { type Terminal } from '../terminal';

/** What `replay` works on. */
export interface ReplayRunPorts extends ReplayPorts {
  readonly terminal: Terminal;
  readonly view: RunView;
  readonly clock: Clock;
}

export interface ReplayRunOptions {
  readonly selections: readonly Selection[];
  readonly datasets: readonly string[];
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Loads files again and waits until each has its final state. When it is interrupted or out of time, what was queued is
 * loaded all the same.
 *
 * @throws CommandFailed when the ledger knows no file that was named.
 */
export async function runReplay(
  { selections, datasets, dryRun, timeoutMs, signal }: ReplayRunOptions,
  ports: ReplayRunPorts,
): Promise<IngestResult> {
  const { terminal, view, clock } = ports;
  const startedAt = clock.now();
  const found = await findFiles(ports, selections);
  requireFound(found, selections);
  if (dryRun) {
    found.forEach((file) => {
      terminal.note(`${isReplayable(file) ? 'would be loaded again' : 'left alone'}: ${describe(file)}`);
    });
    const files = new Map(found.map((file) => [file.fileId, file]));
    const output = ingestOutput(found, { files, entries: [], timedOut: false }, datasets);
    return { output, exitCode: ExitCode.ok };
  }
  const { queued, busy, after }: Replay = await replay(ports, found);
  for (const file of busy) terminal.note(`left alone, it is on its way: ${describe(file)}`);
  terminal.note(`${queued.length} files are loaded again`);
  const run = { after, startedAt, timeoutMs, signal };
  const ids = queued.map(({ fileId }) => fileId);
  const followed = await follow(ids, view, terminal, clock, run).catch((error: unknown) => {
    if (signal.aborted) terminal.note('what was queued is loaded all the same: see "lakehouse status"');
    throw error;
  });
  const result = resultOf(queued, followed, { datasets, timeoutMs }, terminal);
  return queued.length === 0 ? { ...result, exitCode: ExitCode.ok } : result;
}

/** A file or a batch that is named has to be there; that none failed, or none arrived in a time, is an answer. */
function requireFound(found: readonly FileItem[], selections: readonly Selection[]): void {
  if (found.length > 0) return;
  const missing = selections.flatMap((selection) => {
    if (selection.by === 'file') return [`file ${selection.key}`];
    return selection.by === 'batch' ? [`file of batch ${selection.number}`] : [];
  });
  if (missing.length === 0) return;
  throw new CommandFailed(
    `The ledger knows no ${missing.join(' and no ')}; keys are as they arrived, e.g. raw/orders/day-1.csv`,
  );
}

function describe({ key, fileId, state, batch, location }: FileItem): string {
  const last = batch === undefined ? '' : ` in batch ${batch}`;
  return `${key}@${fileId} (${state}${last}, kept at ${location ?? key})`;
}
