/** Generated from schemas/ by `npm run generate`. */

/**
 * What was removed beside the tables and the kept files.
 */
export interface EraseObjectsResult {
  documents: number;
  versions: number;
  queryResults: number;
}
