/** Generated from schemas/ by `npm run generate`. */

/**
 * An operation that somebody asked for. The control item names it until an execution opens an entry for it or refuses it.
 */
export type RequestItem = RollbackRequest | MaintenanceRequest | ErasureRequest;

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
/**
 * Asks to erase a person, who is known by a digest alone.
 */
export interface ErasureRequest {
  pk: string;
  sk: string;
  id: string;
  operation: 'erasure';
  /**
   * HMAC-SHA256 of a person's id under the key of the stage, in hex.
   */
  digest: string;
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
