/** Generated from schemas/ by `npm run generate`. */

/**
 * Rows of a file by what became of them; read is the sum of the others.
 */
export interface Rows {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  superseded: number;
  duplicate: number;
  rejected: number;
  orphaned: number;
  /**
   * Rows about a person who was erased; absent: none.
   */
  erased?: number;
}
