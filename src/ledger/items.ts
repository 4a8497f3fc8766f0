import confirmationSchema from '../../schemas/documents/confirmationItem.schema.json';
import controlSchema from '../../schemas/documents/controlItem.schema.json';
import entrySchema from '../../schemas/documents/entryItem.schema.json';
import fileSchema from '../../schemas/documents/fileItem.schema.json';
import holdSchema from '../../schemas/documents/holdItem.schema.json';
import isolationSchema from '../../schemas/documents/isolationItem.schema.json';
import pendingSchema from '../../schemas/documents/pendingItem.schema.json';
import requestSchema from '../../schemas/documents/requestItem.schema.json';
import tombstoneSchema from '../../schemas/documents/tombstoneItem.schema.json';
import type { ConfirmationItem } from '../../generated/types/documents/confirmationItem';
import type { ControlItem } from '../../generated/types/documents/controlItem';
import type { EntryItem, Gate } from '../../generated/types/documents/entryItem';
import type { FileItem } from '../../generated/types/documents/fileItem';
import type { HoldItem } from '../../generated/types/documents/holdItem';
import type { IsolationItem } from '../../generated/types/documents/isolationItem';
import type { PendingItem } from '../../generated/types/documents/pendingItem';
import type { RequestItem } from '../../generated/types/documents/requestItem';
import type { TombstoneItem } from '../../generated/types/documents/tombstoneItem';
import type { Lease } from '../../generated/types/states/lease';
import { InvalidDocument } from '../errors';
import { type Checked, checker } from '../schema/validator';
import type { Condition, Item, Key } from '../store/store';

export type { ControlItem, EntryItem, FileItem, Gate, PendingItem, RequestItem };

/** The keys of every kind of item. */
export const keys = {
  control: { pk: 'control', sk: 'control' },
  file: (fileId: string): Key => ({ pk: `file#${fileId}`, sk: 'file' }),
  /** Sorted by sequence (UTF-8 binary): the order in which files are planned. */
  pending: (sequence: string, fileId: string): Key => ({ pk: 'pending', sk: `${sequence}#${fileId}` }),
  /** Takes a sequence for one file, for ever. */
  sequence: (sequence: string): Key => ({ pk: `sequence#${sequence}`, sk: 'sequence' }),
  entry: (number: number): Key => ({ pk: 'entry', sk: String(number).padStart(10, '0') }),
  confirmation: (dataset: string, fileId: string): Key => ({ pk: `confirmation#${dataset}`, sk: fileId }),
  isolation: (dataset: string, group: string): Key => ({ pk: `isolation#${dataset}`, sk: group }),
  request: (id: string): Key => ({ pk: 'request', sk: id }),
  tombstone: (digest: string): Key => ({ pk: 'tombstone', sk: digest }),
  hold: (name: string): Key => ({ pk: 'hold', sk: name }),
};

function reader<T>(check: (item: Item) => Checked<T>): (item: Item) => T {
  return (item) => {
    const checked = check(item);
    if (checked.ok) return checked.value;
    throw new InvalidDocument(
      `Ledger item ${String(item['pk'])} / ${String(item['sk'])} was changed by something else: ${checked.problems.join('; ')}. ` +
        'Restore it from a point-in-time copy of the table.',
    );
  };
}

/** Check what was read; each throws InvalidDocument. */
export const read = {
  control: reader(checker<ControlItem>(controlSchema)),
  file: reader(checker<FileItem>(fileSchema)),
  pending: reader(checker<PendingItem>(pendingSchema)),
  entry: reader(checker<EntryItem>(entrySchema)),
  confirmation: reader(checker<ConfirmationItem>(confirmationSchema)),
  isolation: reader(checker<IsolationItem>(isolationSchema)),
  request: reader(checker<RequestItem>(requestSchema)),
  tombstone: reader(checker<TombstoneItem>(tombstoneSchema)),
  hold: reader(checker<HoldItem>(holdSchema)),
};

/** Holds of the control item while the lease is ours. */
export function heldBy({ owner, fence }: Lease): Condition[] {
  return [
    { attribute: 'owner', is: 'equal', to: owner },
    { attribute: 'fence', is: 'equal', to: fence },
  ];
}
