/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse query --json` gives: a row per object, columns by name. Integers, floating-point numbers and booleans are native; decimals, dates, timestamps and everything else are strings as Athena writes them.
 */
export type QueryOutput = QueryRow[];

export interface QueryRow {
  [k: string]: string | number | boolean | null;
}
