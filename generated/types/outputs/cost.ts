/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse cost --json` gives: a bill for each day that was asked for, or the one of a batch.
 */
export interface CostOutput {
  /**
   * Region of the list prices.
   */
  region: string;
  /**
   * Day of the list prices.
   */
  asOf: string;
  bills: NamedBill[];
}
export interface NamedBill {
  /**
   * The day or the batch.
   */
  of: string;
  lines: BillLine[];
  /**
   * Sum of the lines, without free tiers, storage and data transfer.
   */
  usd: number;
}
export interface BillLine {
  what: string;
  amount: number;
  usd: number;
}
