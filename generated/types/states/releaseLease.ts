/** Generated from schemas/ by `npm run generate`. */

/**
 * The lease is free.
 */
export interface ReleaseLeaseResult {
  /**
   * HANDED_OVER: files wait, and the next execution was started.
   */
  status: 'RELEASED' | 'HANDED_OVER';
}
