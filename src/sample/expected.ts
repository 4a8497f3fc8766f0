import { type RowCounts } from '../../generated/types/outputs/ingest';
import { type DatasetName } from '../contract/contracts';
import { noRows } from '../outcome/rows';

export interface ExpectedFile {
  /** Path inside the sample, e.g. orders/2025-05-01.csv. */
  readonly path: string;
  readonly dataset: DatasetName;
  readonly state: 'ARCHIVED' | 'REJECTED';
  /** Rules of the header that refuse the file; empty for an archived one. */
  readonly headerRules: readonly string[];
  /** null for a file refused by its header. */
  readonly rows: RowCounts | null;
  /** Rejected rows by the rule that they break. */
  readonly rejects: Record<string, number>;
}

/** What loading the sample into empty tables in one batch has to give. */
export interface ExpectedOutcome {
  readonly seed: number;
  readonly files: readonly ExpectedFile[];
  /** Rows of each dataset's table afterwards. */
  readonly tables: Readonly<Record<string, number>>;
}

/** Counts what is written to one file. */
export class Tally {
  readonly rows: RowCounts = { ...noRows };
  readonly rejects: Record<string, number> = {};

  count(outcome: Exclude<keyof RowCounts, 'read'>): void {
    this.rows.read += 1;
    this.rows[outcome] += 1;
  }

  reject(rule: string): void {
    this.count('rejected');
    this.rejects[rule] = (this.rejects[rule] ?? 0) + 1;
  }

  /** A row counted as inserted loses to a newer one of a later file. */
  supersede(): void {
    this.rows.inserted -= 1;
    this.rows.superseded += 1;
  }
}

/** Orders files and adds up the tables. */
export function expectedOutcome(seed: number, files: readonly ExpectedFile[]): ExpectedOutcome {
  const tables: Record<string, number> = {};
  for (const { dataset, rows } of files) {
    tables[dataset] = (tables[dataset] ?? 0) + (rows?.inserted ?? 0);
  }
  const byPath = (a: ExpectedFile, b: ExpectedFile): number => (a.path < b.path ? -1 : 1);
  return { seed, files: [...files].sort(byPath), tables };
}
