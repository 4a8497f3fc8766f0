import { datasetNames, tablesOf } from '../contract/contracts';
import { InvalidDocument } from '../errors';
import type { EntryItem, Gate } from '../ledger/items';

/**
 * What the gate wrote down before the first table was restored.
 *
 * @throws InvalidDocument when it decided otherwise or not at all.
 */
export function withdrawalOf({ number, gate }: Pick<EntryItem, 'number' | 'gate'>): Required<Gate> {
  if (gate?.decision === 'WITHDRAW' && gate.restore !== undefined && gate.outcomes !== undefined)
    return { ...gate, restore: gate.restore, outcomes: gate.outcomes };
  throw new InvalidDocument(
    `Entry ${number} has no decision of the gate to withdraw it: the ledger was changed by hand. Restore it from a ` +
      'point-in-time copy of the table.',
  );
}

/** The datasets whose jobs own a table that returns to an earlier version. */
export function datasetsToRestore(entry: Pick<EntryItem, 'number' | 'gate'>): string[] {
  return ownersOf(withdrawalOf(entry).restore);
}

/** The datasets whose jobs own one of the tables. */
export function ownersOf(restore: Readonly<Record<string, unknown>>): string[] {
  return datasetNames.filter((name) => tablesOf(name).some((table) => Object.hasOwn(restore, table.name)));
}
