import {
  type ControlItem,
  type EntryItem,
  type FileItem,
  type PendingItem,
  read,
} from '../../../src/ledger/items';
import type { MemoryStore } from '../../unit/fakes/memoryStore';

/** The ledger as it stands, item by item. */
export interface Ledger {
  readonly control: ControlItem | undefined;
  readonly files: FileItem[];
  readonly pending: PendingItem[];
  readonly entries: EntryItem[];
}

export function ledgerOf(store: MemoryStore): Ledger {
  const items = [...store.items.values()];
  return {
    control: items.filter(({ pk }) => pk === 'control').map(read.control)[0],
    files: items.filter(({ sk }) => sk === 'file').map(read.file),
    pending: items.filter(({ pk }) => pk === 'pending').map(read.pending),
    entries: items.filter(({ pk }) => pk === 'entry').map(read.entry),
  };
}
