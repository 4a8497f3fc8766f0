/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse diff TABLE --json` gives: what differs between two versions of a table. A row is changed when a value differs; rows of which only the lineage differs are equal. `counts` has all rows, the lists have the first of each kind by key, as many as --limit says.
 */
export interface DiffOutput {
  table: string;
  from: DiffVersion;
  to: DiffVersion;
  counts: DiffCounts;
  /**
   * Rows as they are in `to`.
   */
  added: DiffRow[];
  changed: ChangedRow[];
  /**
   * Rows as they were in `from`.
   */
  removed: DiffRow[];
}
export interface DiffVersion {
  version: number;
  /**
   * When the version was committed.
   */
  timestamp: string | null;
}
export interface DiffCounts {
  added: number;
  changed: number;
  removed: number;
}
export interface DiffRow {
  key: DiffCells;
  values: DiffCells;
  lineage: DiffCells;
}
/**
 * Text by column, as Athena writes it; null for NULL and for a column that the version does not have yet. The lineage says where the row comes from: for changed rows where the new values do, for removed ones where the old did.
 */
export interface DiffCells {
  [k: string]: string | null;
}
export interface ChangedRow {
  key: DiffCells;
  /**
   * The columns that differ, by name.
   */
  values: {
    [k: string]: ChangedValue;
  };
  lineage: DiffCells;
}
export interface ChangedValue {
  before: string | null;
  after: string | null;
}
