/** The files of the corpus with what is expected of each. tests/glue/corpus.py reads the same table. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import table from './expected.json';
import schema from './expected.schema.json';

type RowCounts = { readonly read: number } & Readonly<
  Partial<Record<'inserted' | 'superseded' | 'duplicate' | 'rejected' | 'orphaned', number>>
>;

/** expected.schema.json says what the fields mean. */
interface Expectation {
  readonly file?: string;
  readonly made?: readonly (string | { readonly text: string; readonly times: number })[];
  readonly key: string;
  readonly why: string;
  readonly accepted?: true | readonly string[];
  readonly rows?: RowCounts;
  readonly rejects?: Readonly<Record<string, readonly string[]>>;
  readonly loaded?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly rejected?: readonly string[];
  readonly mend?: string;
  readonly ignored?: true;
}

export interface CorpusEntry extends Expectation {
  readonly bytes: Buffer;
}

export const filesDir = path.join(__dirname, 'files');

// which fields go together is said by alternatives that only require them
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
const isExpectation = ajv.compile<Expectation>(schema);

/** @throws Error naming the entry that is not as the schema says, or the file that is not there. */
export function readCorpus(): CorpusEntry[] {
  return table.map((entry: unknown) => {
    if (isExpectation(entry)) return { ...entry, bytes: bytesOf(entry) };
    throw new Error(`${JSON.stringify(entry)}: ${ajv.errorsText(isExpectation.errors)}`);
  });
}

/** A reason as the table writes it. */
export function reasonText({ rule, column }: { rule: string; column: string | null }): string {
  return column === null ? rule : `${rule} ${column}`;
}

function bytesOf({ file, made = [] }: Expectation): Buffer {
  if (file !== undefined) return readFileSync(path.join(filesDir, file));
  return Buffer.from(
    made.map((part) => (typeof part === 'string' ? part : part.text.repeat(part.times))).join(''),
  );
}
