/** Generated from schemas/ by `npm run generate`. */

/**
 * What a job run is started with.
 */
export interface Workers {
  workerType: 'G.1X' | 'G.2X' | 'G.4X' | 'G.8X';
  /**
   * One of them is the driver's.
   */
  numberOfWorkers: number;
}
