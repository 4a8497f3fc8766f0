/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse status --json` gives.
 */
export interface StatusOutput {
  stage: string;
  /**
   * Number of files by state; read from an index, so a moment behind.
   */
  files: {
    [k: string]: number;
  };
  /**
   * Last entries of the batch log, newest first.
   */
  entries: StatusEntry[];
  tables: StatusTable[];
  orphans: WaitingOrphans[];
  /**
   * The execution that works on the log; null when none does.
   */
  lease: HeldLease | null;
  openEntry: number | null;
  /**
   * The operation that somebody asked for and that no entry serves yet; null when none waits.
   */
  request: WaitingRequest | null;
  /**
   * Files that arrived and are in no batch yet.
   */
  waitingFiles: number;
}
export interface StatusEntry {
  number: number;
  kind: 'load' | 'rollback' | 'maintenance' | 'erasure';
  state: 'OPEN' | 'WITHDRAWING' | 'DONE' | 'FAILED' | 'WITHDRAWN' | 'ROLLED_BACK';
  /**
   * Of a rollback: the batch before which the tables returned.
   */
  rollsBack: number | null;
  datasets: string[];
  files: number;
  jobRuns: number;
  openedAt: string;
  seconds: number | null;
  /**
   * null before the validation ran.
   */
  violations: number | null;
  lastError: string | null;
  /**
   * Of maintenance that is closed: what was done to each table.
   */
  maintenance: MaintainedTable[] | null;
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
export interface StatusTable {
  name: string;
  rows: number;
  /**
   * Delta version.
   */
  version: number;
}
export interface WaitingOrphans {
  dataset: string;
  waiting: number;
  oldestSince: string | null;
}
export interface HeldLease {
  /**
   * Execution ARN.
   */
  owner: string;
  since: string | null;
  fence: number;
}
export interface WaitingRequest {
  id: string;
  /**
   * As in the ledger: rollback, maintenance or erasure.
   */
  operation: string;
  /**
   * The batch that is to be rolled back.
   */
  batch: number | null;
  /**
   * The one table that is to be maintained; null for all, and for a rollback.
   */
  table: string | null;
  requestedAt: string;
}
