import { Ajv, type JSONSchemaType } from 'ajv';
import { type Comparison, type Measurement, type PeerName, type Phase, type TableDigest } from './results';

/** Digests of a peer's tables as bench/workers/digest.py answers them. */
export type Digests = Record<string, TableDigest>;

const SCHEMA: JSONSchemaType<Digests> = {
  type: 'object',
  required: [],
  additionalProperties: {
    type: 'object',
    properties: {
      rows: { type: 'number' },
      digest: { type: 'string' },
      missing: { type: 'number', default: 0 },
      surplus: { type: 'number', default: 0 },
    },
    required: ['rows', 'digest', 'missing', 'surplus'],
    additionalProperties: false,
  },
};
const isDigests = new Ajv({ useDefaults: true }).compile(SCHEMA);

/** @throws Error when the answer is none of digests. */
export function parseDigests(answer: unknown): Digests {
  if (isDigests(answer)) return answer;
  throw new Error(`bench/workers/digest.py answered ${JSON.stringify(answer)}, which are no digests`);
}

/** A peer's end state beside ours. */
export function compareTables(peer: PeerName, ours: Digests, theirs: Digests): Comparison {
  const tables: Comparison['tables'] = {};
  for (const [name, { digest, rows }] of Object.entries(ours)) {
    const absent = { rows: 0, digest: 'none', missing: rows, surplus: 0 };
    tables[name] = { ...(theirs[name] ?? absent), ours: digest };
  }
  return { peer, tables };
}

/** What differs from ours, in words, a table each; empty when every row set is the same. */
export function differences({ tables }: Comparison): string[] {
  return Object.entries(tables)
    .filter(([, { digest, ours }]) => digest !== ours)
    .map(([name, { missing, surplus }]) => `${name}: ${missing} rows of ours missing, ${surplus} others`);
}

/** The measurement of a peer, phase and temperature, if it was taken. */
export function find(
  measurements: readonly Measurement[],
  peer: PeerName,
  phase: Phase,
  warm: boolean,
): Measurement | undefined {
  return measurements.find((one) => one.peer === peer && one.phase === phase && one.warm === warm);
}

/** How many times the processor time of `two` is that of `one`; undefined when one was not measured. */
export function ratio(one: Measurement | undefined, two: Measurement | undefined): number | undefined {
  if (one === undefined || two === undefined || two.cpuSeconds === 0) return undefined;
  return one.cpuSeconds / two.cpuSeconds;
}
