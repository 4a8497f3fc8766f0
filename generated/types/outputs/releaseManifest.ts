/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse release manifest` writes: what a release is made of, and each stage's package of it, by SHA-256 in hex.
 */
export interface ReleaseManifest {
  /**
   * Of bundles, jobs and definition: the same for every stage.
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
  /**
   * By stage, of all files that were packaged for it: of these, only the templates differ, by parameters.
   */
  packages: {
    [k: string]: string;
  };
}
