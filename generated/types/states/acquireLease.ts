/** Generated from schemas/ by `npm run generate`. */

/**
 * lease is there when the status is ACQUIRED.
 */
export interface AcquireLeaseResult {
  /**
   * HELD: another execution is at work and will see to the files. WAIT: ask again.
   */
  status: 'ACQUIRED' | 'HELD' | 'WAIT';
  lease?: Lease;
  /**
   * Seconds to wait before asking again; 0 unless the status asks to wait.
   */
  waitSeconds: number;
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
