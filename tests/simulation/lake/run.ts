import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { DatasetName } from '../../../src/contract/contracts';
import { requireLease } from '../../../src/ledger/lease';
import { type Objects, parseUri } from '../../../src/objects/objects';
import type { Store } from '../../../src/store/store';
import type { Lake } from './lake';
import type { Line } from './rows';
import type { Step } from './table';

/** Loads the files of a batch, or takes the batch back. */
export type Operation = 'load' | 'withdraw';

/** Rules of the jobs that a planted defect switches off. */
export type JobRule =
  | 'marker'
  | 'confirmation'
  | 'pinned version'
  | 'pinned parents'
  | 'settled orphans'
  | 'record'
  | 'restored rejects'
  | 'restored once';

/** What a job run is started with, and what it reaches. */
export interface JobRun {
  readonly id: string;
  readonly operation: Operation;
  readonly dataset: DatasetName;
  readonly batch: Batch;
  readonly lease: Lease;
  readonly store: Store;
  readonly objects: Objects;
  readonly lake: Lake;
  /** Waits for its turn; anything may happen meanwhile. */
  readonly pause: () => Promise<void>;
  /** Whether the run still has its lease, unlike what it has asked last: nothing fences a RESTORE in between. */
  readonly isLive: () => boolean;
  /** Whether this attempt takes an outage for a fault of the files. */
  readonly falsePoison: () => boolean;
  readonly without: ReadonlySet<JobRule>;
}

/** A file of the batch with its lines. */
export interface LoadedFile {
  readonly fileId: string;
  readonly sequence: string;
  readonly lines: readonly Line[];
}

export async function checkLease({ store, lease }: JobRun): Promise<void> {
  await requireLease(store, lease);
}

export function stepOf({ epoch, number, manifestHash }: Batch, table: string, name: string): Step {
  return { appId: `${epoch}/${table}/${name}`, number, manifestHash };
}

/** A document of the batch; undefined when it is not there. */
export async function readDocument(
  { objects, batch }: JobRun,
  name: string,
): Promise<Record<string, unknown> | undefined> {
  const bytes = await objects.read(parseUri(`${batch.prefix}${name}`));
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>);
}

export async function writeDocument(
  { objects, batch }: JobRun,
  name: string,
  document: unknown,
): Promise<void> {
  await objects.write(parseUri(`${batch.prefix}${name}`), JSON.stringify(document));
}
