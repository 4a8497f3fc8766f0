/** Generated from schemas/ by `npm run generate`. */

/**
 * The tables of the loaded datasets after the batch.
 */
export interface SyncCatalogResult {
  tables: {
    name: string;
    /**
     * Delta version.
     */
    version: number;
    rows: number;
  }[];
}
