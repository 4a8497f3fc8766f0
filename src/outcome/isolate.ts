/** Errors that no file can cause: taking files apart would fail every one of them alike. */
const NO_FILES_FAULT: ReadonlySet<string> = new Set([
  'BatchNumberReused',
  'ContractInvalid',
  'InvalidDocument',
  'InvalidEnvironment',
  'LeaseLost',
  'ManifestMismatch',
  'TableSchemaMismatch',
]);

/** A dataset whose job ended with a terminal error. */
export interface FailedDataset {
  readonly batch: number;
  /** The accepted files of the dataset in this batch, oldest first. */
  readonly fileIds: readonly string[];
  /** The isolated group that they are; undefined for files that no batch has failed with. */
  readonly group: string | undefined;
  /** Name of the error. */
  readonly error: string;
  /** The error with which the other half of their group failed, if it did. */
  readonly otherHalf: string | undefined;
}

/** What becomes of the files of a failed dataset. */
export interface Isolation {
  /** The file that failed alone. */
  readonly failed: readonly string[];
  /** Files that wait again, with the group they wait in. */
  readonly waiting: ReadonlyMap<string, string | undefined>;
  /** Another attempt at once would fail again. */
  readonly backOff: boolean;
}

/**
 * Narrows a failure down to one file by halving, in later entries. Two halves that fail alike point to something else
 * than a file: then the files wait as one, for somebody to look and for the next arrival or sweep.
 */
export function isolate({ batch, fileIds, group, error, otherHalf }: FailedDataset): Isolation {
  const together = new Map(fileIds.map((fileId) => [fileId, undefined]));
  if (NO_FILES_FAULT.has(error)) return { failed: [], waiting: together, backOff: fileIds.length > 0 };
  if (error === otherHalf) return { failed: [], waiting: together, backOff: true };
  if (fileIds.length <= 1) return { failed: fileIds, waiting: new Map(), backOff: false };
  const middle = Math.ceil(fileIds.length / 2);
  const parent = group ?? `${batch}.`;
  const waiting = new Map(fileIds.map((fileId, index) => [fileId, `${parent}${index < middle ? 0 : 1}`]));
  return { failed: [], waiting, backOff: false };
}

/** The other half of the group that a batch split: `7.01` of `7.00`. */
export function otherHalfOf(group: string): string {
  return group.slice(0, -1) + (group.endsWith('0') ? '1' : '0');
}
