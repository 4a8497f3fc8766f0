/** Generated from schemas/ by `npm run generate`. */

/**
 * An operation that somebody asked for. The control item names it until an execution opens an entry for it or refuses it.
 */
export type RequestItem = RollbackRequest | MaintenanceRequest;

/**
 * Asks to roll a batch back, or a dataset to before a batch.
 */
export interface RollbackRequest {
  pk: string;
  sk: string;
  id: string;
  operation: 'rollback';
  /**
   * The batch to roll back.
   */
  batch: number;
  /**
   * Only its files are taken back, those of the batch and of later ones; files of other datasets load again. Absent: the files of the batch.
   */
  dataset?: string;
  /**
   * NEEDLESS: there is nothing to do.
   */
  state: 'PENDING' | 'OPENED' | 'REFUSED' | 'NEEDLESS';
  requestedAt: string;
  /**
   * The entry that serves it; there when it is OPENED.
   */
  entry?: number;
  /**
   * Why nothing was done; there when it is REFUSED or NEEDLESS.
   */
  reason?: string;
}
/**
 * Asks for maintenance.
 */
export interface MaintenanceRequest {
  pk: string;
  sk: string;
  id: string;
  operation: 'maintenance';
  /**
   * The one table to look at; absent: all.
   */
  table?: string;
  /**
   * NEEDLESS: there is nothing to do.
   */
  state: 'PENDING' | 'OPENED' | 'REFUSED' | 'NEEDLESS';
  requestedAt: string;
  /**
   * The entry that serves it; there when it is OPENED.
   */
  entry?: number;
  /**
   * Why nothing was done; there when it is REFUSED or NEEDLESS.
   */
  reason?: string;
}
