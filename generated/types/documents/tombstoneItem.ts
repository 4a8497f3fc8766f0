/** Generated from schemas/ by `npm run generate`. */

/**
 * A person who was erased: files that name them bring nothing back. The sort key is the digest.
 */
export interface TombstoneItem {
  pk: string;
  sk: string;
  /**
   * The erasure.
   */
  entry: number;
  erasedAt: string;
}
