/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse release manifest` writes: what a release is made of, by SHA-256 in hex. The same for every stage.
 */
export interface ReleaseManifest {
  /**
   * Of everything below.
   */
  digest: string;
  /**
   * Bundles of the functions by file name.
   */
  bundles: {
    [k: string]: string;
  };
  /**
   * Script and package of the Glue jobs by file name.
   */
  jobs: {
    [k: string]: string;
  };
  /**
   * Of the state machine's definition without what stage parameters set in it.
   */
  definition: string;
}
