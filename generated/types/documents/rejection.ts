/** Generated from schemas/ by `npm run generate`. */

/**
 * Stands beside a rejected file and says why.
 */
export interface Rejection {
  /**
   * Key under which the object arrived.
   */
  file: string;
  versionId: string;
  dataset: string | null;
  batch: number;
  /**
   * plannedAt of the batch.
   */
  rejectedAt: string;
  reasons: {
    /**
     * A rule of schemas/rules.json.
     */
    rule: string;
    column: string | null;
    message: string;
  }[];
}
