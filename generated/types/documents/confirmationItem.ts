/** Generated from schemas/ by `npm run generate`. */

/**
 * The newest file that repeated a file's rows alike, so that a repetition writes no table.
 */
export interface ConfirmationItem {
  pk: string;
  sk: string;
  sequence: string;
  batch: number;
}
