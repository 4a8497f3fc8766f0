import type { Source } from './document/read';

/** One defect: where it stands, what is wrong and what to do. */
export interface Finding {
  readonly check: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly state: string | undefined;
  /** The JSONata expression, if it is about one. */
  readonly expression: string | undefined;
  readonly message: string;
  readonly mend: string;
}

export interface Defect {
  readonly check: string;
  readonly offset: number;
  readonly state?: string | undefined;
  readonly expression?: string | undefined;
  readonly message: string;
  readonly mend: string;
}
export type Report = (defect: Defect) => void;

/** Collects each defect once: an anchored part of a YAML file is checked wherever it is used. */
export class Findings {
  readonly #found = new Map<string, { readonly offset: number; readonly finding: Finding }>();

  constructor(private readonly source: Source) {}

  readonly add: Report = ({ check, offset, state, expression, message, mend }) => {
    const key = `${check} ${offset} ${message}`;
    if (this.#found.has(key)) return;
    const { line, column } = this.source.position(offset);
    const finding = { check, file: this.source.file, line, column, state, expression, message, mend };
    this.#found.set(key, { offset, finding });
  };

  /** In the order of the file. */
  sorted(): Finding[] {
    return [...this.#found.values()]
      .sort((one, other) => one.offset - other.offset)
      .map(({ finding }) => finding);
  }
}

/** `file:line:column state: message (mend) [check]`, and the expression behind it. */
export function toLine({ check, file, line, column, state, expression, message, mend }: Finding): string {
  const where = state === undefined ? '' : ` ${state}:`;
  const quoted = expression === undefined ? '' : ` in {%${expression.replace(/\s+/g, ' ')}%}`;
  return `${file}:${line}:${column}:${where} ${message}${quoted}; ${mend} [${check}]`;
}
