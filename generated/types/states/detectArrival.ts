/** Generated from schemas/ by `npm run generate`. */

/**
 * What became of the arrivals; batchItemFailures is what SQS reads (ReportBatchItemFailures).
 */
export interface DetectArrivalResult {
  /**
   * Messages that the queue delivers again.
   */
  batchItemFailures: {
    itemIdentifier: string;
  }[];
  registered: number;
  known: number;
  /**
   * Folder markers, objects outside raw/, versions that are gone.
   */
  ignored: number;
}
