/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse rollback --json` gives.
 */
export interface RollbackOutput {
  /**
   * The batch before which the tables return.
   */
  batch: number;
  /**
   * The dataset whose files are taken back; null: the files of the batch are.
   */
  dataset: string | null;
  /**
   * The entry of the log that does it; null while there is none.
   */
  entry: number | null;
  /**
   * PLANNED: a dry run. PENDING: asked for. OPEN: at work, at the timeout. DONE: the tables are back.
   */
  state: 'PLANNED' | 'PENDING' | 'OPEN' | 'DONE';
  /**
   * The batch and the later ones that are undone with it.
   */
  batches: number[];
  tables: RestoredTable[];
  /**
   * Files that leave the tables.
   */
  files: RolledBackFile[];
}
export interface RestoredTable {
  name: string;
  /**
   * Delta version before the rollback.
   */
  from: number | null;
  /**
   * The version that the table returns to.
   */
  to: number;
}
export interface RolledBackFile {
  key: string;
  dataset: string;
  /**
   * The batch that took it last.
   */
  batch: number | null;
  /**
   * WITHDRAWN: it loads again by a replay only. QUEUED: it loads again by itself.
   */
  fate: 'WITHDRAWN' | 'QUEUED';
  /**
   * Where the file stands now.
   */
  state: string;
}
