/** How a caller should treat an error: `transient` passes when tried again, `terminal` does not. */
export type ErrorFamily = 'transient' | 'terminal';

/**
 * Base of every error that leaves a handler. The class name is the contract: Step Functions sees it as `errorType`,
 * schemas/errors.json lists it, and the state machine retries or fails by it.
 */
export abstract class LakehouseError extends Error {
  abstract readonly family: ErrorFamily;
  /** Written out in every class, because a bundler may rename classes. */
  abstract override readonly name: string;
}

abstract class TerminalError extends LakehouseError {
  override readonly family = 'terminal';
}

abstract class TransientError extends LakehouseError {
  override readonly family = 'transient';
}

/** A handler was invoked with an event that its schema refuses. */
export class InvalidEvent extends TerminalError {
  override readonly name = 'InvalidEvent';
}

/** A setting that the code reads is missing or malformed. */
export class InvalidEnvironment extends TerminalError {
  override readonly name = 'InvalidEnvironment';
}

/** A batch document in S3 or an item of the ledger does not have the shape its schema demands. */
export class InvalidDocument extends TerminalError {
  override readonly name = 'InvalidDocument';
}

/** A dataset contract breaks the meta schema or contradicts itself. */
export class ContractInvalid extends TerminalError {
  override readonly name = 'ContractInvalid';
}

/** The caller no longer holds the lease on the batch log, so it must not write. */
export class LeaseLost extends TerminalError {
  override readonly name = 'LeaseLost';
}

/** The manifest read is not the one that was planned. */
export class ManifestMismatch extends TerminalError {
  override readonly name = 'ManifestMismatch';
}

/** A table already holds this batch number, or a later one, from another manifest. */
export class BatchNumberReused extends TerminalError {
  override readonly name = 'BatchNumberReused';
}

/** The outcomes of a file's rows do not add up to the rows read. */
export class RowsUnaccounted extends TerminalError {
  override readonly name = 'RowsUnaccounted';
}

/** A Delta table or catalog table does not have the columns of its contract. */
export class TableSchemaMismatch extends TerminalError {
  override readonly name = 'TableSchemaMismatch';
}

/** An AWS service throttled, timed out or answered with a server error; `cause` is the SDK's error. */
export class ServiceUnavailable extends TransientError {
  override readonly name = 'ServiceUnavailable';
}

/** A batch document that should be there is not. */
export class DocumentMissing extends TransientError {
  override readonly name = 'DocumentMissing';
}

/** A job run ended without saying why. */
export class JobInterrupted extends TransientError {
  override readonly name = 'JobInterrupted';
}

/** Every error class by its name; schemas/errors.json lists the same ones. */
export const errorClasses = {
  InvalidEvent,
  InvalidEnvironment,
  InvalidDocument,
  ContractInvalid,
  LeaseLost,
  ManifestMismatch,
  BatchNumberReused,
  RowsUnaccounted,
  TableSchemaMismatch,
  ServiceUnavailable,
  DocumentMissing,
  JobInterrupted,
};

export type ErrorName = keyof typeof errorClasses;
