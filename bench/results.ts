import { Ajv } from 'ajv';

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

const number = { type: 'number' } as const;
const text = { type: 'string' } as const;
const numbers = { type: 'object', required: [], additionalProperties: number } as const;
const cost = { cpuSeconds: number, wallSeconds: number, peakMegabytes: number } as const;
const costNames = ['cpuSeconds', 'wallSeconds', 'peakMegabytes'] as const;
const SCHEMA = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      items: number,
      date: text,
      machine: {
        type: 'object',
        properties: {
          processor: text,
          cores: number,
          memoryGigabytes: number,
          loadBefore: number,
          loadAfter: number,
          versions: { type: 'object', required: [], additionalProperties: text },
        },
        required: ['processor', 'cores', 'memoryGigabytes', 'loadBefore', 'loadAfter', 'versions'],
        additionalProperties: false,
      },
      lines: numbers,
      emptySession: {
        type: ['object', 'null'],
        properties: cost,
        required: costNames,
        additionalProperties: false,
      },
      measurements: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            peer: { type: 'string', enum: peerNames },
            phase: { type: 'string', enum: phases },
            warm: { type: 'boolean' },
            newFiles: number,
            ...cost,
          },
          required: ['peer', 'phase', 'warm', 'newFiles', ...costNames],
          additionalProperties: false,
        },
      },
      comparisons: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            peer: { type: 'string', enum: peerNames },
            tables: {
              type: 'object',
              required: [],
              additionalProperties: {
                type: 'object',
                properties: { rows: number, digest: text, missing: number, surplus: number, ours: text },
                required: ['rows', 'digest', 'missing', 'surplus', 'ours'],
                additionalProperties: false,
              },
            },
          },
          required: ['peer', 'tables'],
          additionalProperties: false,
        },
      },
    },
    required: ['items', 'date', 'machine', 'lines', 'emptySession', 'measurements', 'comparisons'],
    additionalProperties: false,
  },
};
const isResults = new Ajv({ allowUnionTypes: true }).compile<BenchResult[]>(SCHEMA);

/**
 * The recorded runs, one a size.
 *
 * @throws Error when the text is no such record
 */
export function parseResults(json: string): BenchResult[] {
  const document: unknown = JSON.parse(json);
  if (isResults(document)) return document;
  throw new Error('docs/performance.json is no record of the benchmark: restore it, or record a run anew');
}

/** The record with this run in the place of an earlier one of its size, smallest first. */
export function withRun(results: readonly BenchResult[], run: BenchResult): BenchResult[] {
  return [...results.filter(({ items }) => items !== run.items), run].sort((a, b) => a.items - b.items);
}
