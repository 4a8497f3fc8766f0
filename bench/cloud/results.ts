import { Ajv } from 'ajv';
import { type Machine } from '../results';

/** One object read whole by Spark, from a folder and through the local cloud's S3. */
export interface LargeObject {
  readonly bytes: number;
  /** Fastest of the repetitions. */
  readonly folderSeconds: number;
  readonly cloudSeconds: number;
  /** What the local cloud's server held; resident, MB: before, at most while it took the object in, at most while it gave it out. */
  readonly megabytes: { readonly idle: number; readonly upload: number; readonly read: number };
}

/** What the local cloud's server held at a moment of the burst; resident, MB. */
export interface Held {
  readonly idle: number;
  /** When the last file was there. */
  readonly uploaded: number;
  /** When the last batch was closed. */
  readonly settled: number;
  readonly peak: number;
}

/** Many small files that arrive at once. */
export interface Burst {
  readonly files: number;
  readonly lines: number;
  readonly uploadSeconds: number;
  /** From the first upload until every file is archived and the last batch is closed. */
  readonly seconds: number;
  /** From plan to close, by batch. */
  readonly batchSeconds: readonly number[];
  /** The largest input or output of any step of any execution, in bytes; Step Functions allows 262,144. */
  readonly largestPayload: number;
  readonly megabytes: Held;
}

/** One run of the benchmark of the local cloud. */
export interface CloudResult {
  readonly date: string;
  readonly machine: Pick<Machine, 'processor' | 'cores' | 'loadBefore' | 'loadAfter'>;
  readonly repetitions: number;
  readonly largeObject: LargeObject;
  readonly burst: Burst;
}

const number = { type: 'number' } as const;
const closed = <Names extends string>(properties: Record<Names, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const isResult = new Ajv().compile<CloudResult>(
  closed({
    date: { type: 'string' },
    machine: closed({ processor: { type: 'string' }, cores: number, loadBefore: number, loadAfter: number }),
    repetitions: number,
    largeObject: closed({
      ...{ bytes: number, folderSeconds: number, cloudSeconds: number },
      megabytes: closed({ idle: number, upload: number, read: number }),
    }),
    burst: closed({
      ...{ files: number, lines: number, uploadSeconds: number, seconds: number, largestPayload: number },
      batchSeconds: { type: 'array', items: number },
      megabytes: closed({ idle: number, uploaded: number, settled: number, peak: number }),
    }),
  }),
);

/** @throws Error when the text is no such record */
export function parseCloudResult(json: string): CloudResult {
  const document: unknown = JSON.parse(json);
  if (isResult(document)) return document;
  throw new Error(
    'docs/performance-cloud.json is no record of the benchmark: restore it, or record a run anew',
  );
}
