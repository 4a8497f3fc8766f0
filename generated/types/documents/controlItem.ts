/** Generated from schemas/ by `npm run generate`. */

/**
 * The one item that the lease, the counters and the next batch number share, so that they change together.
 */
export interface ControlItem {
  pk: string;
  sk: string;
  /**
   * Identity of the log; manifests and Delta transaction ids carry it.
   */
  epoch: string;
  /**
   * ARN of the execution that holds the lease; absent when it is free.
   */
  owner?: string;
  ownerSince?: string;
  /**
   * Grows with every acquisition of the lease.
   */
  fence: number;
  /**
   * Files that became pending, ever.
   */
  arrived: number;
  /**
   * Files that were planned, ever; the lease is released when it equals arrived.
   */
  planned: number;
  lastArrivedAt?: string;
  nextNumber: number;
  /**
   * Number of the entry that is not closed.
   */
  openEntry?: number;
  /**
   * Id of the request that waits to be served; the lease is not released before.
   */
  request?: string;
  /**
   * Rows that wait for a parent, by dataset.
   */
  orphans?: {
    [k: string]: {
      waiting: number;
      oldestSince: string | null;
      /**
       * A parent changed in an entry in which the dataset's own job failed: its next entry looks again.
       */
      missed?: true;
      /**
       * An entry of waiting rows alone was withdrawn: no entry is opened for them until the dataset's job has run with files again.
       */
      held?: true;
    };
  };
  /**
   * The alert of the entry closed last, until the execution that closed it releases the lease; one that died passes it on.
   */
  unsent?: {
    owner: string;
    message: string;
  };
}
