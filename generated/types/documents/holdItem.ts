/** Generated from schemas/ by `npm run generate`. */

/**
 * A legal hold: while it is there nobody is erased. The sort key is its name.
 */
export interface HoldItem {
  pk: string;
  sk: string;
  reason: string;
  since: string;
}
