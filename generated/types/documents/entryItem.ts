/** Generated from schemas/ by `npm run generate`. */

/**
 * A batch in the log.
 */
export interface EntryItem {
  pk: string;
  sk: string;
  number: number;
  kind: 'load';
  state: 'OPEN' | 'DONE' | 'FAILED';
  manifestKey: string;
  manifestHash: string;
  openedAt: string;
  closedAt?: string;
  /**
   * The execution that planned the entry.
   */
  executionArn: string;
  files: number;
  datasets: string[];
  /**
   * Isolated group by dataset, for those whose files are one.
   */
  isolation?: {
    [k: string]: string;
  };
  jobRuns: number;
  seconds?: number;
  validation?: {
    name: string;
    violations: number;
  }[];
  tables?: {
    name: string;
    version: number;
    rows: number;
  }[];
  /**
   * Written by the state machine when an execution stopped with the entry open.
   */
  lastError?: string;
}
