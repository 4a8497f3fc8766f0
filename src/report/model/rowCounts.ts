import { type Rows } from '../../../generated/types/documents/fileItem';
import { rowOutcomes } from '../../outcome/rows';

const none: Rows = {
  read: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  superseded: 0,
  duplicate: 0,
  rejected: 0,
  orphaned: 0,
};

/** The sum of counts, outcome by outcome. */
export function sumRows(all: readonly Rows[]): Rows {
  const sum = { ...none };
  for (const rows of all) for (const count of ['read', ...rowOutcomes] as const) sum[count] += rows[count];
  return sum;
}

/** Rows whose end is known. */
export function accounted(rows: Rows): number {
  return rowOutcomes.reduce((sum, outcome) => sum + rows[outcome], 0);
}
