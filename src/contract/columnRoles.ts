import systemColumns from '../../schemas/tables/system-columns.json';
import { contracts, type Table } from './contracts';

/** Names of a table's columns by what they are for; each column has one role. */
export interface ColumnRoles {
  /** What tells the rows apart. */
  readonly key: readonly string[];
  /** What the row says. */
  readonly values: readonly string[];
  /** Where the row comes from. */
  readonly lineage: readonly string[];
}

/** The roles of a table's columns, in the table's order. */
export function columnRoles({ dataset, kind, columns }: Table): ColumnRoles {
  const key = kind === 'rows' ? [contracts[dataset]['x-primaryKey']] : systemColumns.keys[kind];
  const lineage =
    kind === 'rejects' ? systemColumns.rejectsLineage : systemColumns.lineage.map(({ name }) => name);
  const names = columns.map(({ name }) => name);
  return {
    key,
    values: names.filter((name) => !key.includes(name) && !lineage.includes(name)),
    lineage: names.filter((name) => lineage.includes(name) && !key.includes(name)),
  };
}
