import { Ajv } from 'ajv';
import { type BenchResult, peerNames, phases } from './results';

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
