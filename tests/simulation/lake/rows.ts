/** A line of a file as the model's files hold it, one JSON document each. */
export interface Line {
  readonly key: string;
  readonly value: string;
  /** By foreign key column the parent's key. */
  readonly parents: Readonly<Record<string, string>>;
  /** Breaks a row rule. */
  readonly bad?: true;
  /** The error that a job with this line ends with. */
  readonly poison?: string;
}

/** A row with its origin. */
export interface Row {
  readonly key: string;
  /** All columns of the contract but the key, as text. */
  readonly values: string;
  readonly parents: Readonly<Record<string, string>>;
  readonly file: string;
  readonly sequence: string;
  readonly line: number;
  /** The batch that wrote the row into the table. */
  readonly batch?: number;
  /** From when on the row waits should it lack a parent, in milliseconds since 1970. */
  readonly waitingSince?: number;
}

/** A line that was refused; every row of a rejects table. */
export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly batch: number;
  readonly reasons: string;
  /** It waited for its parents for too long. */
  readonly expired: boolean;
}

/** The data lines of a model file, behind its header. */
export function linesOf(body: string): Line[] {
  return body
    .split('\n')
    .slice(1)
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Line);
}

export function rowOf(line: Line, at: number, file: { fileId: string; sequence: string }): Row {
  const values = JSON.stringify([line.value, line.parents]);
  return {
    key: line.key,
    values,
    parents: line.parents,
    file: file.fileId,
    sequence: file.sequence,
    line: at,
  };
}

/** Why the release refuses the line, empty when it does not: a later one may be stricter. */
export function reasonsFor(line: Line, scriptLocation: string): string {
  const odd = line.value === 'odd' && scriptLocation !== FIRST_SCRIPT;
  return [...(line.bad === true ? ['bad'] : []), ...(odd ? ['odd'] : [])].join();
}

/** Names a line of a file. */
export function lineId({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}

/** A value that breaks no row rule; the validation of the tables complains of it. */
export const WRONG = 'wrong';

export const FIRST_SCRIPT = 's3://code/job-1.py';
