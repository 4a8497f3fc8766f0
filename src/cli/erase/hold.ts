import { addHold, type Hold, holds, removeHold } from '../../ledger/erasures';
import { type Store } from '../../store/store';
import { CommandFailed, UsageError } from '../errors';
import { renderTable } from '../table';
import { type HoldOptions } from './options';

/**
 * Puts a legal hold in force or ends one; the holds in force then.
 *
 * @throws UsageError; CommandFailed when there is no hold of that name.
 */
export async function runHold(
  { add, remove, reason }: Pick<HoldOptions, 'add' | 'remove' | 'reason'>,
  store: Store,
  now: Date,
): Promise<Hold[]> {
  if (add !== undefined && remove !== undefined) throw new UsageError('either --add or --remove, not both');
  if (add !== undefined) {
    if (reason === undefined || reason.trim() === '') throw new UsageError('--add needs a --reason');
    await addHold(store, add, reason, now);
  }
  if (remove !== undefined && !(await removeHold(store, remove)))
    throw new CommandFailed(`There is no legal hold ${remove}; lakehouse hold lists those in force`);
  return holds(store);
}

export function renderHolds(found: readonly Hold[]): string {
  if (found.length === 0) return 'no legal hold is in force\n';
  return renderTable(
    ['hold', 'since', 'reason'],
    found.map(({ name, since, reason }) => [name, since, reason]),
  );
}
