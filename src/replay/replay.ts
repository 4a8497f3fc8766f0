import type { Executions } from '../execution/executions';
import { requeue, type Requeued, RESTING_STATES } from '../ledger/requeue';
import type { FileItem } from '../ledger/items';
import { ensureControl } from '../ledger/lease';
import type { Store } from '../store/store';
import { type Selection, selects } from './selection';

export interface ReplayPorts {
  readonly store: Store;
  /** Every file that the ledger knows. May be a moment behind: what is queued is decided by the store. */
  readonly files: () => AsyncIterable<FileItem>;
  readonly executions: Pick<Executions, 'start'>;
  readonly now: () => Date;
}

/** A request to load files again. */
export interface Replay extends Requeued {
  /** Batches up to this one were planned before the request. */
  readonly after: number;
}

/** The files that the selections mean, oldest first. */
export async function findFiles(
  { files }: Pick<ReplayPorts, 'files'>,
  selections: readonly Selection[],
): Promise<FileItem[]> {
  const found: FileItem[] = [];
  for await (const file of files()) {
    if (selections.some((selection) => selects(selection, file))) found.push(file);
  }
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.sequence), Buffer.from(b.sequence)));
}

/** Whether a replay would take the file as it is now. */
export function isReplayable({ state }: FileItem): boolean {
  const resting: readonly string[] = RESTING_STATES;
  return resting.includes(state);
}

/**
 * Queues files to be loaded again in new entries of the log, under their old identity and sequence, and starts an
 * execution. Cut between the two, the next sweep starts it; asked again, files that wait already are not queued twice.
 *
 * @throws ServiceUnavailable
 */
export async function replay(
  { store, executions, now }: Omit<ReplayPorts, 'files'>,
  files: readonly FileItem[],
): Promise<Replay> {
  const { nextNumber } = await ensureControl(store);
  const requeued = await requeue(
    store,
    files.map(({ fileId }) => fileId),
    now,
  );
  if (files.length > 0) await executions.start({ trigger: 'command' });
  return { ...requeued, after: nextNumber - 1 };
}
