/** Generated from schemas/ by `npm run generate`. */

/**
 * What the publish gate decided.
 */
export type JudgeBatchResult = Publish | Withdraw;

/**
 * The batch stays.
 */
export interface Publish {
  status: 'PUBLISH';
}
/**
 * The entry is WITHDRAWING from here on.
 */
export interface Withdraw {
  status: 'WITHDRAW';
  /**
   * Datasets with tables that the batch has changed.
   */
  datasets: string[];
}
