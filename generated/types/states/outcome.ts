/** Generated from schemas/ by `npm run generate`. */

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
