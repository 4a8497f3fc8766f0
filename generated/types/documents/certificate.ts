/** Generated from schemas/ by `npm run generate`. */

/**
 * What the erasure of a person changed, and what keeps traces until when. It lies at certificates/<entry>.json in the artefacts bucket.
 */
export interface Certificate {
  stage: string;
  entry: number;
  /**
   * HMAC-SHA256 of a person's id under the key of the stage, in hex.
   */
  digest: string;
  openedAt: string;
  closedAt: string;
  /**
   * Rows that were removed from each table, whose older versions are gone.
   */
  tables: ErasedTable[];
  /**
   * Kept files that named the person.
   */
  files: CleanedFile[];
  /**
   * Keys of kept files that are no text: nobody can tell whether they name the person.
   */
  unsearchable: string[];
  objects: ErasedObjects;
  /**
   * What an erasure does not reach.
   */
  exceptions: Exception[];
}
export interface ErasedTable {
  name: string;
  /**
   * Rows that were removed.
   */
  rows: number;
}
export interface CleanedFile {
  fileId: string;
  key: string;
  /**
   * Numbers of the lines that were taken out.
   */
  lines: number[];
}
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
export interface Exception {
  what: string;
  /**
   * When it is gone; null: it stays, or goes by a rule that is named.
   */
  until: string | null;
}
