/** Generated from schemas/ by `npm run generate`. */

/**
 * Files of the chunk by where they are now.
 */
export interface ArchiveFilesResult {
  archived: number;
  rejected: number;
}
