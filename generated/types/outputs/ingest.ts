/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse ingest --json` and `npm start -- --json FILE` give: files and batches of this command only, tables named as datasets.
 */
export interface IngestOutput {
  files: IngestedFile[];
  batches: IngestedBatch[];
  /**
   * Queries of the last batch's validation.
   */
  validation: ValidationResult[];
  tables: TableState[];
}
export interface IngestedFile {
  /**
   * Object key in the landing bucket as uploaded.
   */
  key: string;
  dataset: string;
  /**
   * UPLOADED: not registered yet. ARCHIVED, REJECTED, FAILED and WITHDRAWN are final.
   */
  state: 'UPLOADED' | 'PENDING' | 'PLANNED' | 'ARCHIVED' | 'REJECTED' | 'FAILED' | 'WITHDRAWN';
  /**
   * Why the whole file was refused.
   */
  reasons: RejectReason[];
  /**
   * null while not loaded, for a file rejected as a whole and for a withdrawn one.
   */
  rows: RowCounts | null;
}
export interface RejectReason {
  /**
   * Name in schemas/rules.json.
   */
  rule: string;
  column: string | null;
  message: string;
}
/**
 * read is the sum of the others.
 */
export interface RowCounts {
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
export interface IngestedBatch {
  number: number;
  datasets: string[];
  /**
   * Glue job runs, repeated attempts included.
   */
  jobRuns: number;
  /**
   * From plan to close; null while open.
   */
  seconds: number | null;
}
export interface ValidationResult {
  name: string;
  passed: boolean;
  violations: number;
}
export interface TableState {
  name: string;
  rows: number;
  /**
   * Delta version.
   */
  version: number;
}
