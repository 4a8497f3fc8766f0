/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse smoke --json` gives.
 */
export interface SmokeOutput {
  /**
   * The release that was live, and is judged.
   */
  release: number;
  name: string;
  passed: boolean;
  checks: SmokeCheck[];
}
export interface SmokeCheck {
  name: 'finished' | 'files' | 'jobs' | 'release' | 'validation' | 'metrics';
  passed: boolean;
  problems: string[];
}
