/** Generated from schemas/ by `npm run generate`. */

/**
 * The entry is closed.
 */
export interface PublishOutcomeResult {
  /**
   * FAILED: a dataset failed or a validation found violations. WITHDRAWN: the tables are as before the batch.
   */
  status: 'DONE' | 'FAILED' | 'WITHDRAWN';
  /**
   * Hand this to ReleaseLease: files wait again, but another attempt at once would only fail again.
   */
  backOff: boolean;
  /**
   * What to publish to the alerts topic, or null.
   */
  alert: Alert | null;
}
export interface Alert {
  subject: string;
  message: string;
}
