/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse queries --json` gives: the named queries that are deployed, by name.
 */
export type QueriesOutput = NamedQueryOutput[];

export interface NamedQueryOutput {
  name: string;
  /**
   * What it answers, in a sentence.
   */
  description: string;
  sql: string;
}
