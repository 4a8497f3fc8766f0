/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse redrive --json` gives: for each dead letter queue, how many messages went back and which stay.
 */
export type RedriveOutput = RedrivenQueue[];

export interface RedrivenQueue {
  /**
   * URL of the dead letter queue.
   */
  queue: string;
  moved: number;
  left: LeftMessage[];
}
export interface LeftMessage {
  messageId: string;
  /**
   * Why the service could not read it.
   */
  reason: string;
}
