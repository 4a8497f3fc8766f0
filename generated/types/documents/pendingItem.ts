/** Generated from schemas/ by `npm run generate`. */

/**
 * A file that waits to be planned; the sort key orders them by sequence.
 */
export interface PendingItem {
  pk: string;
  sk: string;
  fileId: string;
  dataset: string;
  size: number;
  isolation?: string;
}
