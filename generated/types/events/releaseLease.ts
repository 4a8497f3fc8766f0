/** Generated from schemas/ by `npm run generate`. */

/**
 * Gives the lease back.
 */
export interface ReleaseLeaseEvent {
  lease: Lease;
  /**
   * Release without starting the next execution, even if files wait.
   */
  backOff: boolean;
  /**
   * What publishOutcome wanted to be told has been told; otherwise the alert of the next entry says it.
   */
  announced: boolean;
}
/**
 * The right to write the batch log and the tables. Every write under it carries the condition that owner and fence are still these.
 */
export interface Lease {
  /**
   * ARN of the execution that holds the lease.
   */
  owner: string;
  /**
   * Fencing number: grows with every acquisition.
   */
  fence: number;
}
