/** Generated from schemas/ by `npm run generate`. */

/**
 * The tables of a dataset after they were maintained, and what was done; it lies at maintained/<dataset>.json under the prefix of the entry.
 */
export interface Upkeep {
  /**
   * Name of a contract in schemas/datasets.
   */
  dataset: string;
  number: number;
  manifestHash: string;
  jobRunId: string;
  tables: {
    name: string;
    /**
     * Delta version.
     */
    version: number;
    rows: number;
    files?: TableFiles;
    columns: {
      name: string;
      /**
       * Spark SQL type.
       */
      type: string;
    }[];
  }[];
  maintained: MaintainedTable[];
}
/**
 * The data files of that version. Absent in the documents of earlier releases.
 */
export interface TableFiles {
  count: number;
  /**
   * Those below smallBytes of schemas/tables/files.json.
   */
  small: number;
  bytes: number;
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
