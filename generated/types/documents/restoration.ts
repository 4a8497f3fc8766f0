/** Generated from schemas/ by `npm run generate`. */

/**
 * The tables of a dataset after a batch was withdrawn from them; it lies at restored/<dataset>.json under the batch's prefix.
 */
export interface Restoration {
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
