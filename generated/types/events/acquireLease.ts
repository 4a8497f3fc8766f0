/** Generated from schemas/ by `npm run generate`. */

/**
 * Asks for the lease on the batch log.
 */
export interface AcquireLeaseEvent {
  executionArn: string;
  /**
   * Why the execution was started; a handover waits for its predecessor to release.
   */
  trigger: 'arrival' | 'sweep' | 'handover' | 'command';
}
