/** Generated from schemas/ by `npm run generate`. */

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
