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
 * read is the sum of the others.
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
}
export interface Reason {
  rule: string;
  column: string | null;
  message: string;
}
