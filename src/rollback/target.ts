import type { EntryItem } from '../ledger/items';
import { RollbackRefused } from './refused';

/**
 * The entry of a batch that can be rolled back.
 *
 * @param entries the log from the batch on.
 * @throws RollbackRefused
 */
export function targetOf(entries: readonly EntryItem[], batch: number): EntryItem {
  const entry = entries.find(({ number }) => number === batch);
  const refusal = entry === undefined ? `The log has no batch ${batch}` : refusalOf(entry);
  if (entry !== undefined && refusal === undefined) return entry;
  throw new RollbackRefused(refusal);
}

function refusalOf({ kind, state, number, rollsBack, rolledBackBy }: EntryItem): string | undefined {
  if (kind === 'rollback')
    return (
      `Entry ${number} is a rollback itself. To undo it, load the files of the batch again: ` +
      `lakehouse replay --batch ${rollsBack}`
    );
  if (kind === 'maintenance')
    return `Entry ${number} is maintenance: it has changed no row, so there is nothing to roll back`;
  switch (state) {
    case 'OPEN':
    case 'WITHDRAWING':
      return `Batch ${number} is still at work; ask again when it is closed`;
    case 'WITHDRAWN':
      return `Batch ${number} was withdrawn: nothing of it is in the tables`;
    case 'ROLLED_BACK':
      return (
        `Batch ${number} is rolled back already, by entry ${rolledBackBy}. Files of it that were loaded again since are in a ` +
        'later batch: see lakehouse status'
      );
    case 'DONE':
    case 'FAILED':
      return undefined;
  }
}

/** Batches of which something is in the tables. */
export function stands({ kind, state }: Pick<EntryItem, 'kind' | 'state'>): boolean {
  return kind === 'load' && (state === 'DONE' || state === 'FAILED');
}
