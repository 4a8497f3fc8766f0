/** Generated from schemas/ by `npm run generate`. */

/**
 * What an execution of the state machine is started with. Started by hand, it has no trigger.
 */
export interface IngestInput {
  /**
   * Why the execution was started; a handover waits for its predecessor to release.
   */
  trigger?: 'arrival' | 'sweep' | 'handover' | 'command';
}
