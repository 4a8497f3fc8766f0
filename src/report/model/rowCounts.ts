import { type Rows } from '../../../generated/types/documents/fileItem';
import { noRows, rowOutcomes } from '../../outcome/rows';

/** The sum of counts, outcome by outcome. */
export function sumRows(all: readonly Rows[]): Rows {
  const sum = { ...noRows };
  for (const rows of all)
    for (const outcome of ['read', ...rowOutcomes] as const) {
      const count = rows[outcome];
      if (count !== undefined) sum[outcome] = (sum[outcome] ?? 0) + count;
    }
  return sum;
}

/** Rows whose end is known. */
export function accounted(rows: Rows): number {
  return rowOutcomes.reduce((sum, outcome) => sum + (rows[outcome] ?? 0), 0);
}
