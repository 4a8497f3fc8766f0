import { Ajv } from 'ajv';
import { type Machine } from '../results';

/** Of objects of one size, through the local cloud's S3. */
export interface HeaderCheck {
  readonly bytes: number;
  /** What came over the wire of the body. */
  readonly bytesRead: number;
  readonly fastestMilliseconds: number;
  readonly medianMilliseconds: number;
}

/** What loading a program takes. */
export interface Loading {
  /** Of loading it in a new process: the fastest of the runs, as on a machine that does nothing else. */
  readonly loadMilliseconds: number;
  /** Processor time of loading it, user and system, the median of the runs. */
  readonly cpuMilliseconds: number;
  /** Resident memory of that process afterwards. */
  readonly megabytes: number;
}

/** A packaged function. */
export interface Bundle extends Loading {
  readonly name: string;
  /** JavaScript alone, unpacked: what Node reads and compiles. */
  readonly bytes: number;
  readonly zippedBytes: number;
}

/** One run of the benchmark of the functions. */
export interface LambdaResult {
  readonly date: string;
  readonly machine: Pick<Machine, 'processor' | 'cores' | 'loadBefore' | 'loadAfter'>;
  readonly node: string;
  readonly repetitions: { readonly headerChecks: number; readonly loads: number };
  readonly headerChecks: readonly HeaderCheck[];
  /** An empty program in the same Node. */
  readonly empty: Loading;
  readonly bundles: readonly Bundle[];
}

const number = { type: 'number' } as const;
const text = { type: 'string' } as const;
const closed = <Names extends string>(properties: Record<Names, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const loading = { loadMilliseconds: number, cpuMilliseconds: number, megabytes: number };
const isResult = new Ajv().compile<LambdaResult>(
  closed({
    date: text,
    machine: closed({ processor: text, cores: number, loadBefore: number, loadAfter: number }),
    node: text,
    repetitions: closed({ headerChecks: number, loads: number }),
    headerChecks: {
      type: 'array',
      items: closed({
        bytes: number,
        bytesRead: number,
        fastestMilliseconds: number,
        medianMilliseconds: number,
      }),
    },
    empty: closed(loading),
    bundles: {
      type: 'array',
      items: closed({ name: text, bytes: number, zippedBytes: number, ...loading }),
    },
  }),
);

/** @throws Error when the text is no such record */
export function parseLambdaResult(json: string): LambdaResult {
  const document: unknown = JSON.parse(json);
  if (isResult(document)) return document;
  throw new Error(
    'docs/performance-lambdas.json is no record of the benchmark: restore it, or record a run anew',
  );
}

/** The number in the middle; of an even count the lower one. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1] ?? Number.NaN;
}
