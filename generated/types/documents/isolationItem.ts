/** Generated from schemas/ by `npm run generate`. */

/**
 * How an isolated group failed: two halves that fail alike are no fault of a file.
 */
export interface IsolationItem {
  pk: string;
  sk: string;
  error: string;
  batch: number;
}
