/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse status TABLE --json` gives: the commits of the table's Delta log, newest first.
 */
export interface StatusTableOutput {
  history: TableCommit[];
}
export interface TableCommit {
  version: number;
  timestamp: string | null;
  operation: string | null;
  engineInfo: string | null;
  /**
   * Batch whose job wrote the commit.
   */
  batch: number | null;
}
