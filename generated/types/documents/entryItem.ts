/** Generated from schemas/ by `npm run generate`. */

/**
 * A batch in the log.
 */
export interface EntryItem {
  pk: string;
  sk: string;
  number: number;
  kind: 'load' | 'rollback' | 'maintenance' | 'erasure';
  /**
   * OPEN and WITHDRAWING are worked on, the others are final. ROLLED_BACK: nothing of a batch that was DONE or FAILED is in the tables any more.
   */
  state: 'OPEN' | 'WITHDRAWING' | 'DONE' | 'FAILED' | 'WITHDRAWN' | 'ROLLED_BACK';
  /**
   * Of a rollback: the batch before which the tables return.
   */
  rollsBack?: number;
  /**
   * The rollback that made the entry ROLLED_BACK.
   */
  rolledBackBy?: number;
  /**
   * The request that the entry serves.
   */
  request?: string;
  manifestKey: string;
  manifestHash: string;
  openedAt: string;
  closedAt?: string;
  /**
   * The execution that planned the entry.
   */
  executionArn: string;
  files: number;
  datasets: string[];
  /**
   * Isolated group by dataset, for those whose files are one.
   */
  isolation?: {
    [k: string]: string;
  };
  jobRuns: number;
  seconds?: number;
  validation?: {
    name: string;
    violations: number;
  }[];
  gate?: Gate;
  tables?: {
    name: string;
    version: number;
    rows: number;
  }[];
  /**
   * Written by the state machine when an execution stopped with the entry open.
   */
  lastError?: string;
  /**
   * Of maintenance: what was done to each table, once it is closed.
   */
  maintenance?: MaintainedTable[];
  /**
   * Of an erasure: digest of the person.
   */
  erases?: string;
  /**
   * Of an erasure: key of its certificate in the artefacts bucket, once it is closed.
   */
  certificate?: string;
}
/**
 * What the publish gate decided, once: no later attempt decides anew.
 */
export interface Gate {
  /**
   * PUBLISH: files may be archived from here on, so the batch is never withdrawn any more.
   */
  decision: 'PUBLISH' | 'WITHDRAW';
  /**
   * Empty. Of earlier releases: Delta version of every table as the validation saw it; null: not created. One of them that follows finds no table as it was judged, and withdraws nothing for what another query counted.
   */
  tables: {
    [k: string]: number | null;
  };
  /**
   * Violations that the tables had before the batch and that its checks count too, where there are any.
   */
  before: {
    name: string;
    violations: number;
  }[];
  /**
   * Tables that the batch has changed, with the versions to return to; there when the decision is WITHDRAW.
   */
  restore?: {
    [k: string]: number;
  };
  /**
   * How the jobs ended; there when the decision is WITHDRAW.
   */
  outcomes?: Outcome[];
}
/**
 * How the job of one dataset ended in this batch.
 */
export interface Outcome {
  /**
   * Name of a contract in schemas/datasets.
   */
  dataset: string;
  /**
   * SKIPPED: nothing was due. FAILED: a terminal error. STALLED: transient errors until the attempts were used up. RESTORED: the batch is withdrawn and the dataset's tables are as they were before it. MAINTAINED: the dataset's tables were compacted and vacuumed as far as the budget reached. ERASED: nothing of the dataset is about the person any more.
   */
  status: 'LOADED' | 'SKIPPED' | 'FAILED' | 'STALLED' | 'RESTORED' | 'MAINTAINED' | 'ERASED';
  /**
   * Job runs that were started.
   */
  attempts: number;
  failure?: {
    /**
     * Name of the error, as in schemas/errors.json where it is ours.
     */
    name: string;
    family: 'transient' | 'terminal';
    message: string;
  };
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
