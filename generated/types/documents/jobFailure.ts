/** Generated from schemas/ by `npm run generate`. */

/**
 * Why a job run ended; it lies at failures/<dataset>.json under the batch's prefix.
 */
export interface JobFailure {
  /**
   * Name of a contract in schemas/datasets.
   */
  dataset: string;
  number: number;
  jobRunId: string;
  error: {
    /**
     * Name of the error, as in schemas/errors.json where it is ours.
     */
    name: string;
    family: 'transient' | 'terminal';
    message: string;
  };
}
