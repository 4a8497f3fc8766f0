import { type ColumnRoles } from '../../contract/columnRoles';

/** Names under which the diff's SQL reads the two versions of a table. */
export const BEFORE = 'before';
export const AFTER = 'after';

/** Columns that a version has: one that its contract got later is not among them. */
export interface Present {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The columns whose cells `rowsSql` gives, in its order: of a column that no version has there is nothing to say. */
export function shownColumns({ key, values, lineage }: ColumnRoles, { before, after }: Present): string[] {
  return [...key, ...values, ...lineage].filter((name) => before.includes(name) || after.includes(name));
}

/** The columns of a version, without a row. */
export function columnsSql(version: string): string {
  return `SELECT * FROM "${version}" LIMIT 0`;
}

/** How many rows were added, changed and removed: a row (change, n) of each kind that there is. */
export function countsSql(roles: ColumnRoles, present: Present): string {
  return `WITH ${compared(roles, present)} SELECT change, count(*) AS n FROM compared GROUP BY change`;
}

/**
 * The first rows of each kind, by key: the kind, then of each column of `shownColumns` three cells: its value before, its
 * value after, and whether they differ.
 */
export function rowsSql(roles: ColumnRoles, present: Present, limit: number): string {
  const columns = shownColumns(roles, present);
  const cells = columns.map((_, index) => `b${index}, a${index}, d${index}`).join(', ');
  const key = roles.key.map((name) => columns.indexOf(name)).map((index) => `coalesce(b${index}, a${index})`);
  return (
    `WITH ${compared(roles, present)}, ` +
    `ranked AS (SELECT change, ${cells}, ` +
    `row_number() OVER (PARTITION BY change ORDER BY ${key.join(', ')}) AS place FROM compared) ` +
    `SELECT change, ${cells} FROM ranked WHERE place <= ${limit} ORDER BY change, place`
  );
}

/** Only the rows that are in one version, or whose values differ: lineage does not count. */
function compared(roles: ColumnRoles, present: Present): string {
  const columns = shownColumns(roles, present);
  const cells = columns.map(
    (name, index) =>
      `${cell('b', name, present.before)} AS b${index}, ${cell('a', name, present.after)} AS a${index}, ` +
      `${differs(name, present)} AS d${index}`,
  );
  const [first = ''] = roles.key;
  const added = `b."${first}" IS NULL`;
  const removed = `a."${first}" IS NULL`;
  const values = columns.filter((name) => roles.values.includes(name));
  const sameKey = roles.key.map((name) => `b."${name}" = a."${name}"`).join(' AND ');
  return (
    `compared AS (SELECT CASE WHEN ${added} THEN 'added' WHEN ${removed} THEN 'removed' ELSE 'changed' END AS change, ` +
    `${cells.join(', ')} FROM "${BEFORE}" AS b FULL OUTER JOIN "${AFTER}" AS a ON ${sameKey} ` +
    `WHERE ${[added, removed, ...values.map((name) => differs(name, present))].join(' OR ')})`
  );
}

/** A column that its version does not have yet counts as null, as it does once the table has it. */
function cell(side: 'a' | 'b', name: string, has: readonly string[]): string {
  return has.includes(name) ? `${side}."${name}"` : 'NULL';
}

function differs(name: string, { before, after }: Present): string {
  return `${cell('b', name, before)} IS DISTINCT FROM ${cell('a', name, after)}`;
}
