import { isOpen } from '../../ledger/entries';
import { type EntryItem, type RequestItem } from '../../ledger/items';
import { readRequest } from '../../ledger/requests';
import { type Store } from '../../store/store';
import { type Clock, type RunView, tellFailures } from '../ingest/follow';
import { type Terminal } from '../terminal';

/** What following a request needs to see. */
export interface RequestView {
  readonly store: Pick<Store, 'get'>;
  readonly view: RunView;
  readonly terminal: Terminal;
  readonly clock: Clock;
}

export interface FollowRequestOptions {
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What the entry does, for the progress. */
  readonly doing: string;
}

/** How far a request has come. */
export interface Answered {
  readonly request: RequestItem;
  /** The entry that serves it; undefined while none does, or when it was answered without one. */
  readonly entry: EntryItem | undefined;
}

const POLL_MS = 1_000;

/** Follows a request until it is answered or its entry is closed; or as far as it is at the timeout. */
export async function followRequest(
  id: string,
  { startedAt, timeoutMs, signal, doing }: FollowRequestOptions,
  { store, view, terminal, clock }: RequestView,
): Promise<Answered> {
  const told = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    const request = await readRequest(store, id);
    if (request.state === 'REFUSED' || request.state === 'NEEDLESS') return { request, entry: undefined };
    const entry = request.entry === undefined ? undefined : await view.entry(request.entry);
    tellFailures(await view.failedExecutions(new Date(startedAt)), told, terminal);
    const isDone = entry !== undefined && !isOpen(entry);
    if (isDone || clock.now() - startedAt >= timeoutMs) return { request, entry };
    terminal.progress(
      entry === undefined ? 'waits for the batch that is open' : `entry ${entry.number} ${doing}`,
    );
    await clock.pause(POLL_MS, signal);
  }
}
