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
   * As in the ledger: rollback.
   */
  operation: string;
  /**
   * The batch that it is about.
   */
  batch: number;
  requestedAt: string;
}
