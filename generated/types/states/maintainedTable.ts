/** Generated from schemas/ by `npm run generate`. */

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
