import { gzipSync } from 'node:zlib';
import { type DatasetName } from '../contract/contracts';
import { csvLine } from './csvFile';
import { type Row } from './rows';

/** A file that its header alone condemns. */
export interface DefectFile {
  readonly name: string;
  readonly dataset: DatasetName;
  /** Rules it breaks, in the order of schemas/rules.json. */
  readonly rules: readonly string[];
  readonly content: Buffer;
}

/** The usual four: a column missing, a column misspelt, nothing at all, gzip under a CSV name. */
export function headerDefects(
  dataset: DatasetName,
  columns: readonly string[],
  rows: readonly Row[],
): DefectFile[] {
  const csv = (header: readonly string[], kept: readonly string[]): Buffer =>
    Buffer.from(
      [header, ...rows.map((row) => kept.map((column) => row[column] ?? ''))]
        .map((cells) => `${csvLine(cells)}\n`)
        .join(''),
    );
  const withoutLast = columns.slice(0, -1);
  const misspelt = columns.map((column, index) => (index === 1 ? `${column}z` : column));
  return [
    { name: 'empty', dataset, rules: ['EMPTY_FILE'], content: Buffer.alloc(0) },
    { name: 'gzip', dataset, rules: ['BINARY_FILE'], content: gzipSync(csv(columns, columns), { level: 9 }) },
    { name: 'missing-column', dataset, rules: ['MISSING_COLUMN'], content: csv(withoutLast, withoutLast) },
    {
      name: 'misspelt-column',
      dataset,
      rules: ['MISSING_COLUMN', 'UNKNOWN_COLUMN'],
      content: csv(misspelt, columns),
    },
  ];
}
