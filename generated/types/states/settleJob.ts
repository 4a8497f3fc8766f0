/** Generated from schemas/ by `npm run generate`. */

/**
 * What to do next; failure is there for FAIL and STALL.
 */
export interface SettleJobResult {
  /**
   * WAIT: a run is being stopped, ask again. RETRY: start the job again. FAIL: the error is terminal. STALL: no attempts are left.
   */
  action: 'WAIT' | 'RETRY' | 'FAIL' | 'STALL';
  /**
   * Seconds to wait before acting.
   */
  seconds: number;
  failure?: {
    /**
     * Name of the error, as in schemas/errors.json where it is ours.
     */
    name: string;
    family: 'transient' | 'terminal';
    message: string;
  };
}
