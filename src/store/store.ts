/** Primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Readonly<Record<string, unknown>>;

/** What must hold of an item for a write to happen; the item's `pk` is absent when there is no item. */
export type Condition =
  | { readonly attribute: string; readonly is: 'absent' }
  | { readonly attribute: string; readonly is: 'equal'; readonly to: string | number }
  | { readonly attribute: string; readonly is: 'equalToAttribute'; readonly other: string };

/** One change of a transaction; it happens when every condition of `when` holds. */
export type Write =
  | { readonly kind: 'put'; readonly key: Key; readonly item: Item; readonly when?: readonly Condition[] }
  | {
      readonly kind: 'update';
      readonly key: Key;
      readonly set?: Item;
      readonly add?: Readonly<Record<string, number>>;
      readonly remove?: readonly string[];
      readonly when?: readonly Condition[];
    }
  | { readonly kind: 'delete'; readonly key: Key; readonly when?: readonly Condition[] }
  | { readonly kind: 'check'; readonly key: Key; readonly when: readonly Condition[] };

/** All writes happened, or none did and `failed` are the positions of those whose conditions did not hold. */
export type Commit =
  { readonly committed: true } | { readonly committed: false; readonly failed: readonly number[] };

/** Most writes that one commit may hold (TransactWriteItems). */
export const MAX_WRITES = 100;

/**
 * A table of items with strongly consistent reads and conditional transactions: what the ledger needs of DynamoDB.
 * Every method throws ServiceUnavailable, or the service's own error, when the table cannot be reached.
 */
export interface Store {
  get(key: Key): Promise<Item | undefined>;
  /** The items that exist among the keys, in no particular order. */
  getMany(keys: readonly Key[]): Promise<Item[]>;
  /** Every item with this partition key in the order of the sort key (UTF-8 binary). */
  query(pk: string): AsyncIterable<Item>;
  /** At most MAX_WRITES writes, each to another item. */
  commit(writes: readonly Write[]): Promise<Commit>;
}
