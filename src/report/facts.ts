import { type JobResult } from '../../generated/types/documents/jobResult';
import { type Manifest } from '../../generated/types/documents/manifest';
import { type TableCommit } from '../../generated/types/outputs/statusTable';
import { type Table } from '../contract/contracts';
import { type Snapshot } from '../delta/snapshot';
import { type ControlItem, type EntryItem, type FileItem } from '../ledger/items';

/** An event of a Step Functions execution, as far as a report goes by it. */
export interface RunEvent {
  readonly id: number;
  /** 0 for the first. */
  readonly previous: number;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The state that is entered or left. */
  readonly state: string | null;
  /** Name of the error, of an event that tells of one. */
  readonly error: string | null;
}

/** An execution of the state machine, with the definition that it runs. */
export interface Run {
  readonly arn: string;
  readonly status: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Amazon States Language, as JSON. */
  readonly definition: string;
  readonly events: readonly RunEvent[];
}

/** What a batch left in the artefacts bucket. */
export interface BatchFacts {
  readonly entry: EntryItem;
  /** undefined when its document is gone. */
  readonly manifest: Manifest | undefined;
  /** Of the datasets whose job has published. */
  readonly results: readonly JobResult[];
}

/** A table of the warehouse and its Delta log; no snapshot before its first load. */
export interface TableFacts {
  readonly table: Table;
  readonly commits: readonly TableCommit[];
  readonly snapshot: Snapshot | undefined;
}

/** Lines that a rule rejected in a batch. */
export interface RejectCount {
  readonly dataset: string;
  readonly batch: number;
  readonly rule: string;
  readonly lines: number;
}

/** A few rows of a table, as Athena writes their values. */
export interface Sample {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that were not read, for what they hold is personal. */
  readonly withheld: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Everything a report is made of. Lists of batches are oldest first. */
export interface Facts {
  readonly stage: string;
  /** ISO 8601, UTC. */
  readonly writtenAt: string;
  readonly control: ControlItem | undefined;
  readonly batches: readonly BatchFacts[];
  /** Files of the last day's batches and those that wait. */
  readonly files: readonly FileItem[];
  readonly run: Run | undefined;
  readonly tables: readonly TableFacts[];
  readonly rejects: readonly RejectCount[];
  readonly samples: readonly Sample[];
}
