import { type Rows } from '../../../generated/types/documents/fileItem';
import { noRows, rowOutcomes } from '../../outcome/rows';

/** The sum of counts, outcome by outcome. */
export function sumRows(all: readonly Rows[]): Rows {
  const sum = { ...noRows };
  for (const rows of all) for (const count of ['read', ...rowOutcomes] as const) sum[count] += rows[count];
  return sum;
}

/** Rows whose end is known. */
export function accounted(rows: Rows): number {
  return rowOutcomes.reduce((sum, outcome) => sum + rows[outcome], 0);
}
