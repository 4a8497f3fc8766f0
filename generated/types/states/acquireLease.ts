/** Generated from schemas/ by `npm run generate`. */

/**
 * Whether this execution may work.
 */
export type AcquireLeaseResult = Acquired | Held | Wait;

export interface Acquired {
  status: 'ACQUIRED';
  lease: Lease;
  waitSeconds: 0;
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
/**
 * Another execution is at work and will see to the files.
 */
export interface Held {
  status: 'HELD';
  waitSeconds: 0;
}
/**
 * Ask again.
 */
export interface Wait {
  status: 'WAIT';
  /**
   * Seconds to wait before asking again.
   */
  waitSeconds: number;
}
