/** Generated from schemas/ by `npm run generate`. */

/**
 * What the job of a dataset did to erase a person; it lies at erased/<dataset>.json under the prefix of the entry.
 */
export interface ErasedDataset {
  /**
   * Name of a contract in schemas/datasets.
   */
  dataset: string;
  number: number;
  manifestHash: string;
  jobRunId: string;
  /**
   * Kept files that named the person.
   */
  files: CleanedFile[];
  /**
   * Keys of kept files that are no text: nobody can tell whether they name the person.
   */
  unsearchable: string[];
  erased: ErasedTable[];
  /**
   * Changes of the counts of files whose rows waited or were rejected: -1 there, erased +1.
   */
  redriven: {
    fileId: string;
    /**
     * Changes of the counts: an orphan that moved is orphaned -1 and, say, inserted +1.
     */
    rows: {
      read: number;
      inserted: number;
      updated: number;
      unchanged: number;
      superseded: number;
      duplicate: number;
      rejected: number;
      orphaned: number;
      erased?: number;
    };
  }[];
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
}
export interface CleanedFile {
  fileId: string;
  key: string;
  /**
   * Numbers of the lines that were taken out.
   */
  lines: number[];
}
export interface ErasedTable {
  name: string;
  /**
   * Rows that were removed.
   */
  rows: number;
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
