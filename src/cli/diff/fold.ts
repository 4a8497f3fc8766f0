import {
  type ChangedRow,
  type DiffCells,
  type DiffCounts,
  type DiffRow,
} from '../../../generated/types/outputs/diff';
import { type ColumnRoles } from '../../contract/columnRoles';
import { type ResultRow } from '../query/athena';
import { type Present, shownColumns } from './sql';

export interface DiffRows {
  readonly added: DiffRow[];
  readonly changed: ChangedRow[];
  readonly removed: DiffRow[];
}

interface Cell {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly differs: boolean;
}

/** The counts from the answer to `countsSql`. */
export function foldCounts(rows: readonly ResultRow[]): DiffCounts {
  const found = new Map(rows.map(([change, n]) => [change, Number(n)]));
  const count = (change: keyof DiffCounts): number => found.get(change) ?? 0;
  return { added: count('added'), changed: count('changed'), removed: count('removed') };
}

/** The rows from the answer to `rowsSql` for the same columns. */
export function foldRows(rows: readonly ResultRow[], roles: ColumnRoles, present: Present): DiffRows {
  const columns = shownColumns(roles, present);
  const folded: DiffRows = { added: [], changed: [], removed: [] };
  for (const [change, ...triples] of rows) {
    const cells = columns.map((name, index) => {
      const [before = null, after = null, differs] = triples.slice(3 * index);
      return { name, before, after, differs: differs === 'true' };
    });
    if (change === 'added') folded.added.push(whole(cells, roles, ({ after }) => after));
    else if (change === 'removed') folded.removed.push(whole(cells, roles, ({ before }) => before));
    else folded.changed.push(changed(cells, roles));
  }
  return folded;
}

function whole(cells: readonly Cell[], roles: ColumnRoles, pick: (cell: Cell) => string | null): DiffRow {
  return {
    key: named(cells, roles.key, pick),
    values: named(cells, roles.values, pick),
    lineage: named(cells, roles.lineage, pick),
  };
}

function changed(cells: readonly Cell[], roles: ColumnRoles): ChangedRow {
  const differing = cells.filter(({ name, differs }) => differs && roles.values.includes(name));
  return {
    ...whole(cells, roles, ({ after }) => after),
    values: Object.fromEntries(differing.map(({ name, before, after }) => [name, { before, after }])),
  };
}

function named(
  cells: readonly Cell[],
  names: readonly string[],
  pick: (cell: Cell) => string | null,
): DiffCells {
  const chosen = cells.filter(({ name }) => names.includes(name));
  return Object.fromEntries(chosen.map((cell) => [cell.name, pick(cell)]));
}
