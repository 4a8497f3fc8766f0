/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse rejects DATASET --json` gives: every rejected line with all its reasons.
 */
export type RejectsOutput = RejectedLine[];

export interface RejectedLine {
  /**
   * Object key of the file as it arrived.
   */
  file: string;
  /**
   * @minItems 1
   */
  reasons: [RejectReason, ...RejectReason[]];
  /**
   * The line as it stood in the file.
   */
  raw: string | null;
}
export interface RejectReason {
  /**
   * Name in schemas/rules.json.
   */
  rule: string;
  column: string | null;
  message: string;
}
