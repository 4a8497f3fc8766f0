/** Generated from schemas/ by `npm run generate`. */

/**
 * Rows that the commit changed, as Delta counts them; null where it counts none (CREATE TABLE, RESTORE).
 */
export type ChangedRows = {
  inserted: number;
  updated: number;
  deleted: number;
} | null;

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
  rows: ChangedRows;
}
