/** Generated from schemas/ by `npm run generate`. */

/**
 * What a job did; it lies at results/<dataset>.json under the batch's prefix, and before the merge at prepared/<dataset>.json.
 */
export interface JobResult {
  /**
   * Name of a contract in schemas/datasets.
   */
  dataset: string;
  number: number;
  manifestHash: string;
  jobRunId: string;
  /**
   * prepared: counted, before the merge. published: the tables hold it.
   */
  status: 'prepared' | 'published';
  /**
   * Every accepted file of the dataset in this batch, without those in rejectedFiles.
   */
  files: {
    fileId: string;
    /**
     * read is the sum of the others.
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
      /**
       * Rows about a person who was erased; absent: none.
       */
      erased?: number;
    };
  }[];
  /**
   * Files that the job rejected as a whole, before the merge: none of their rows is in a table, among the rejects or among the orphans.
   */
  rejectedFiles: {
    fileId: string;
    reasons: {
      /**
       * A rule of schemas/rules.json.
       */
      rule: string;
      column: string | null;
      message: string;
    }[];
  }[];
  /**
   * Files of earlier batches whose orphans moved in this one.
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
  /**
   * By a rule of schemas/rules.json the rows that the batch rejected under it, orphans of earlier files that expired among them. A row with reasons of several rules counts once under each. Absent in the results of earlier releases.
   */
  rejectedByRule?: {
    [k: string]: number;
  };
  /**
   * Rows too many that the table already had of the keys that the batch writes: somebody else's, for which the publish gate does not hold the batch. Absent: none.
   */
  repeatedBefore?: number;
  /**
   * By the file that first wrote the rows: sequence of the newest file that repeated them alike.
   */
  confirmations: {
    [k: string]: string;
  };
  /**
   * By dataset the version of each parent's table that the rows were checked against; -1 if there was none.
   */
  parents?: {
    [k: string]: number;
  };
  /**
   * null for a dataset without foreign keys.
   */
  orphans: OrphanCounts | null;
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
export interface OrphanCounts {
  waiting: number;
  oldestSince: string | null;
  /**
   * Orphans that this batch rejected for their age.
   */
  expired: number;
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
