/** Generated from schemas/ by `npm run generate`. */

/**
 * The entry to work on.
 */
export type PlanBatchResult = Planned | Operating | Settling | Nothing;

export interface Planned {
  status: 'PLANNED';
  batch: Batch;
}
/**
 * The open entry of the batch log, as the states hand it on. Everything large lives in S3 under the prefix.
 */
export interface Batch {
  number: number;
  kind: 'load' | 'rollback' | 'maintenance' | 'erasure';
  /**
   * Identity of the log; a new one starts when the ledger starts anew.
   */
  epoch: string;
  /**
   * S3 URI of the manifest.
   */
  manifest: string;
  /**
   * SHA-256 of the manifest, in hex.
   */
  manifestHash: string;
  /**
   * Where the documents of the batch live.
   */
  prefix: string;
  /**
   * Number of chunks of files; chunk numbers count from 0.
   */
  chunks: number;
  /**
   * The job code that this batch was planned with; a resume runs the same.
   */
  release: {
    scriptLocation: string;
    extraPyFiles: string;
  };
  /**
   * Datasets of which a table had no Delta log when the batch was planned: their jobs run to create them.
   */
  uninitialised: string[];
  /**
   * Datasets with rows that wait for a parent: their jobs run when a parent changed.
   */
  orphansDue: string[];
  /**
   * Datasets with rows that have waited too long by plannedAt: their jobs run to reject them.
   */
  expiryDue: string[];
  /**
   * Datasets with rows whose parents may have come while their own job failed: their jobs run in any case.
   */
  redriveDue: string[];
  /**
   * What each dataset's job runs on.
   */
  workers: {
    products: Workers;
    orders: Workers;
    order_items: Workers;
  };
}
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
/**
 * The open entry works on tables without a load: it is withdrawn, a rollback, maintenance or an erasure. Go on with that, never with a load.
 */
export interface Operating {
  status: 'OPERATING';
  batch: Batch;
  /**
   * Datasets with tables to work on.
   */
  datasets: string[];
  /**
   * What the validation found that a batch is withdrawn for; none otherwise.
   */
  validation: {
    name: string;
    violations: number;
  }[];
}
/**
 * Files still arrive: ask again after this many seconds.
 */
export interface Settling {
  status: 'SETTLING';
  waitSeconds: number;
}
/**
 * No file waits and no orphan has expired.
 */
export interface Nothing {
  status: 'NOTHING';
}
