/** A rollback cannot be done as it was asked for; the message says why and what can be done instead. Nothing was written. */
export class RollbackRefused extends Error {
  override readonly name = 'RollbackRefused';
}
