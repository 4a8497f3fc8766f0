/** Generated from schemas/ by `npm run generate`. */

/**
 * What to do next.
 */
export type SettleJobResult = Later | Over;

export interface Later {
  /**
   * WAIT: a run is being stopped, ask again. RETRY: start the job again.
   */
  action: 'WAIT' | 'RETRY';
  /**
   * Seconds to wait before acting.
   */
  seconds: number;
}
export interface Over {
  /**
   * FAIL: the error is terminal. STALL: no attempts are left.
   */
  action: 'FAIL' | 'STALL';
  failure: {
    /**
     * Name of the error, as in schemas/errors.json where it is ours.
     */
    name: string;
    family: 'transient' | 'terminal';
    message: string;
  };
  seconds: 0;
}
