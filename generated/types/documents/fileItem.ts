/** Generated from schemas/ by `npm run generate`. */

/**
 * A version of an object that arrived under raw/.
 */
export interface FileItem {
  pk: string;
  sk: string;
  fileId: string;
  /**
   * `unknown` when the key lies in no dataset's folder.
   */
  dataset: string;
  key: string;
  versionId: string;
  sequence: string;
  lastModified: string;
  size: number;
  etag: string;
  state: 'PENDING' | 'PLANNED' | 'ARCHIVED' | 'REJECTED' | 'FAILED' | 'WITHDRAWN';
  /**
   * The batch that last took the file.
   */
  batch?: number;
  /**
   * Key of the one kept copy since the file left raw/; absent while the version itself lies there.
   */
  location?: string;
  /**
   * plannedAt of the batch that first loaded the file; the waiting time of its rows counts from it, however often it is replayed.
   */
  firstLoadedAt?: string;
  /**
   * Group of files that a failed batch set apart; `<batch>.` and a 0 or 1 for each halving.
   */
  isolation?: string;
  rows?: Rows;
  /**
   * The last batch whose redriven orphans are booked in rows.
   */
  redrivenBy?: number;
  reasons?: Reason[];
  registeredAt: string;
}
/**
 * Rows of a file by what became of them; read is the sum of the others.
 */
export interface Rows {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  superseded: number;
  duplicate: number;
  rejected: number;
  orphaned: number;
  /**
   * Rows about a person who was erased; absent: none.
   */
  erased?: number;
}
export interface Reason {
  rule: string;
  column: string | null;
  message: string;
}
