import rulesSchema from '../../schemas/meta/rules.schema.json';
import { checker } from '../schema/validator';

interface Reason {
  readonly column: string | null;
  readonly message: string;
}

/** A file of a sound row with some cells changed, or with one line of its own. */
export type RowExample = Reason & { readonly dataset: string } & (
    { readonly cells: Readonly<Record<string, string>> } | { readonly line: string }
  );

/** A whole file; null: the object is gone. */
export interface FileExample extends Reason {
  readonly dataset: string | null;
  readonly key?: string;
  readonly file: string | null;
  readonly times?: number;
  readonly size?: number;
}

/** A file of sound rows with some cells changed, under a contract with this rate. */
export interface RowsExample extends Reason {
  readonly dataset: string;
  readonly maxRejectRate: number;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** A rule of schemas/rules.json. */
export interface Rule {
  readonly name: string;
  readonly scope: 'row' | 'header' | 'content' | 'file';
  readonly meaning: string;
  readonly examples: readonly (RowExample | FileExample | RowsExample)[];
}

const check = checker<readonly Rule[]>(rulesSchema);

/** @throws TypeError naming every place where a rule is not as schemas/meta/rules.schema.json says. */
export function parseRules(document: unknown): readonly Rule[] {
  const checked = check(document);
  if (checked.ok) return checked.value;
  throw new TypeError(`schemas/rules.json: ${checked.problems.join('; ')}`);
}
