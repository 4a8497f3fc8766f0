/** What arrives, in this order. */
export const phases = ['initial', 'increment', 'oneRow', 'redelivery'] as const;
export type Phase = (typeof phases)[number];

export const peerNames = ['ours', 'naive', 'tunedNaive', 'duckdb', 'limit'] as const;
export type PeerName = (typeof peerNames)[number];

/** Of a process and all that it started. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
}

/** A phase done by a peer, in a process of its own (cold) or in one that has loaded before (warm). */
export interface Measurement extends Cost {
  readonly peer: PeerName;
  readonly phase: Phase;
  readonly warm: boolean;
  /** Data files that the phase left in the dataset tables. */
  readonly newFiles: number;
}

/** The rows of a table as a set: equal digests are equal sets. */
export interface TableDigest {
  readonly rows: number;
  readonly digest: string;
  /** Rows of ours that the peer's table does not have, and the other way round. */
  readonly missing: number;
  readonly surplus: number;
}

/** End state of a peer beside ours, by table. */
export interface Comparison {
  readonly peer: PeerName;
  readonly tables: Record<string, TableDigest & { readonly ours: string }>;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  /** One-minute load average when the run began and ended, what else ran included. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly versions: Record<string, string>;
}

/** One run of the benchmark at one size. */
export interface BenchResult {
  readonly items: number;
  readonly date: string;
  readonly machine: Machine;
  /** Lines of order items that each phase brought. */
  readonly lines: Record<string, number>;
  /** A Spark session with Delta that creates and reads one empty table. */
  readonly emptySession: Cost | null;
  readonly measurements: readonly Measurement[];
  readonly comparisons: readonly Comparison[];
}
