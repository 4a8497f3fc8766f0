/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse maintain --json` gives.
 */
export interface MaintainOutput {
  /**
   * The entry of the log that does it; null while there is none.
   */
  entry: number | null;
  /**
   * PLANNED: a dry run. NEEDLESS: nothing to do. PENDING: asked for. OPEN: at work, at the timeout. FAILED: the job of a dataset did, the others are done.
   */
  state: 'PLANNED' | 'NEEDLESS' | 'PENDING' | 'OPEN' | 'DONE' | 'FAILED';
  /**
   * What there is to do, by table.
   */
  planned: PlannedTable[];
  /**
   * What was done; empty before it is.
   */
  tables: MaintainedTable[];
}
export interface PlannedTable {
  name: string;
  /**
   * Data files now.
   */
  files: number;
  bytes: number;
  /**
   * Partitions to compact.
   */
  partitions: number;
  /**
   * Those of them whose rows are put in the order of the key.
   */
  zOrdered: number;
  /**
   * Files for VACUUM to remove; 0: not enough to be worth it.
   */
  expired: number;
}
/**
 * What maintenance did to a table.
 */
export interface MaintainedTable {
  name: string;
  /**
   * Data files of the newest version when it was planned.
   */
  filesBefore: number;
  filesAfter: number;
  /**
   * Their size: what a query reads that reads the whole table.
   */
  bytesBefore: number;
  bytesAfter: number;
  /**
   * Partitions that were compacted.
   */
  partitionsDone: number;
  /**
   * Partitions that the budget did not reach.
   */
  partitionsLeft: number;
  /**
   * LEFT: the budget did not reach it.
   */
  vacuum: 'DONE' | 'LEFT' | 'NOT_DUE';
  /**
   * Files that VACUUM removed from the bucket.
   */
  filesRemoved: number;
  /**
   * Time that the last run of the job spent on the table.
   */
  seconds: number;
}
