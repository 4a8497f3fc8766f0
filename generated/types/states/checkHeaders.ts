/** Generated from schemas/ by `npm run generate`. */

/**
 * Counts of one chunk; the verdicts are in S3.
 */
export interface CheckHeadersResult {
  chunk: number;
  /**
   * Accepted files of this chunk by dataset; every dataset is named.
   */
  accepted: {
    [k: string]: number;
  };
  /**
   * Files of this chunk that no job reads.
   */
  rejected: number;
}
