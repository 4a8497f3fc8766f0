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
  const erasure = entries.findLast(({ kind, number }) => kind === 'erasure' && number > batch);
  const refusal =
    entry === undefined
      ? `The log has no batch ${batch}`
      : (refusalOf(entry) ?? beforeErasure(batch, erasure));
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
  if (kind === 'erasure')
    return `Entry ${number} has erased a person: that is not undone, and no version before it is left`;
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

function beforeErasure(batch: number, erasure: EntryItem | undefined): string | undefined {
  if (erasure === undefined) return undefined;
  return (
    `Batch ${batch} cannot be rolled back: entry ${erasure.number} erased a person after it, and no version of a table from ` +
    'before that is left. A batch after that entry may still be rolled back'
  );
}

/** Batches of which something is in the tables. */
export function stands({ kind, state }: Pick<EntryItem, 'kind' | 'state'>): boolean {
  return kind === 'load' && (state === 'DONE' || state === 'FAILED');
}
