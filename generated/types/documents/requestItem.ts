/** Generated from schemas/ by `npm run generate`. */

/**
 * An operation that somebody asked for. The control item names it until an execution opens an entry for it or refuses it.
 */
export interface RequestItem {
  pk: string;
  sk: string;
  id: string;
  operation: 'rollback';
  /**
   * The batch to roll back.
   */
  batch: number;
  state: 'PENDING' | 'OPENED' | 'REFUSED';
  requestedAt: string;
  /**
   * The entry that serves it; there when it is OPENED.
   */
  entry?: number;
  /**
   * Why nothing was done; there when it is REFUSED.
   */
  reason?: string;
}
