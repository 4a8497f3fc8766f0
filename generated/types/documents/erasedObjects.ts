/** Generated from schemas/ by `npm run generate`. */

/**
 * What was removed beside the tables and the kept files; it lies at erased/objects.json under the prefix of the entry. Counts are those of the attempt that came to the end.
 */
export interface ErasedObjects {
  /**
   * Keys of documents that quoted the person.
   */
  documents: string[];
  /**
   * Old versions of objects, and working copies.
   */
  versions: number;
  /**
   * Versions of results of queries.
   */
  queryResults: number;
}
