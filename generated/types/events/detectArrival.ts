/** Generated from schemas/ by `npm run generate`. */

/**
 * What detectArrival is invoked with.
 */
export type DetectArrivalEvent = QueueEvent | SimulatedArrival | Sweep | MaintenanceDue | StorageDue;

/**
 * A batch of the arrival queue; AWS may add fields.
 */
export interface QueueEvent {
  Records: {
    messageId: string;
    /**
     * An EventBridge event as JSON text.
     */
    body: string;
  }[];
}
export interface SimulatedArrival {
  /**
   * Key of an object in the landing bucket; its latest version is taken.
   */
  key: string;
}
/**
 * Register every version under raw/ that the ledger does not know.
 */
export interface Sweep {
  sweep: true;
}
/**
 * Ask for maintenance of all tables.
 */
export interface MaintenanceDue {
  maintenance: true;
}
/**
 * Measure what each zone of the buckets stores.
 */
export interface StorageDue {
  storage: true;
}
