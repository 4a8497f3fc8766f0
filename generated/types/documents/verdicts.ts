/** Generated from schemas/ by `npm run generate`. */

/**
 * Whether the files of a chunk may load. Written once, before any job.
 */
export interface Verdicts {
  number: number;
  chunk: number;
  verdicts: {
    fileId: string;
    accepted: boolean;
    /**
     * Header names in the file's order; there when accepted.
     */
    columns?: string[];
    reasons: {
      /**
       * A rule of schemas/rules.json.
       */
      rule: string;
      column: string | null;
      message: string;
    }[];
  }[];
}
