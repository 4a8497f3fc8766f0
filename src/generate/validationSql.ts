import systemColumns from '../../schemas/tables/system-columns.json';
import { type Column, type Contract, isNullable } from '../contract/contracts';
import { checkOfUniqueKey } from '../gate/checks';

/** What stands for the number of the batch in a query of `ofBatch`. */
const BATCH_MARKER = ':batch';

/** What a check counts in, as parts of SQL. */
export interface Scope {
  /** Rows of the dataset for which the predicate, on one column, holds. */
  cells(dataset: string, predicate: string): string;
  /** Rows too many, and where they are counted. */
  repeated(dataset: string, key: string): readonly [violations: string, from: string];
  /** Violations of a foreign key, and where they are counted. */
  missing(child: Reference, parent: Reference): readonly [violations: string, from: string];
}

interface Reference {
  readonly dataset: string;
  readonly column: string;
}

/**
 * Whole tables as readers see them, for people: a batch answers for its own rows alone, so what somebody else broke is
 * found here.
 */
export const ofTables: Scope = {
  cells: (dataset, predicate) => `SELECT count(*) AS cells FROM ${dataset} WHERE ${predicate}`,
  repeated: (dataset, key) => [`count(*) - count(DISTINCT "${key}")`, `FROM ${dataset}`],
  missing: (child, parent) => [
    'count(*)',
    `FROM ${child.dataset} c LEFT JOIN ${parent.dataset} p ON c."${child.column}" = p."${parent.column}" WHERE p."${parent.column}" IS NULL`,
  ],
};

const WRITTEN = `"${systemColumns.writtenBy}" = ${BATCH_MARKER}`;

/**
 * What one batch wrote: the rows that carry its number, of whose keys all rows, and the parents that they name. The batch's
 * keys stand right of a join, from where Athena's engine learns which files of the left side can hold them
 * (https://trino.io/docs/current/admin/dynamic-filtering.html), so what is read goes by the batch and not by the table.
 */
export const ofBatch: Scope = {
  cells: (dataset, predicate) =>
    `SELECT count(*) AS cells FROM ${dataset} WHERE ${WRITTEN} AND (${predicate})`,
  repeated: (dataset, key) => [
    `count(*) - count(DISTINCT t."${key}")`,
    `FROM ${dataset} t JOIN ${writtenKeys({ dataset, column: key })} b ON t."${key}" = b."${key}"`,
  ],
  missing: (child, parent) => [
    'sum(keys)',
    from(
      `SELECT count(DISTINCT "${child.column}") AS keys FROM ${child.dataset} WHERE ${WRITTEN}`,
      `SELECT -count(DISTINCT p."${parent.column}") AS keys FROM ${parent.dataset} p JOIN ${writtenKeys(child)} b ON p."${parent.column}" = b."${child.column}"`,
    ),
  ],
};

/**
 * One Athena query that validates the dataset tables: a row per check with the columns `name` and `violations`. It can
 * only find something if a job, or somebody else, broke a table (docs/adr/0008-validations.md). Empty tables, waiting
 * orphans and rejected rows are no violations.
 *
 * Each column has a scan of its own: Athena leaves out files by the statistics of Delta and Parquet only where a predicate
 * names one column, so of sound tables nothing but the keys is read (docs/adr/0034-validation-by-statistics.md).
 */
export function validationSql(
  contracts: Readonly<Record<string, Contract>>,
  datasets: readonly string[],
  scope: Scope,
): string {
  const checks = datasets.flatMap((dataset) => {
    const contract = contracts[dataset];
    return contract === undefined ? [] : checksOf(dataset, contract, contracts, scope);
  });
  return `${checks.join('\nUNION ALL\n')}\n`;
}

function checksOf(
  dataset: string,
  contract: Contract,
  contracts: Readonly<Record<string, Contract>>,
  scope: Scope,
): string[] {
  const columns = Object.entries(contract.properties);
  const required = columns.filter(([, column]) => !isNullable(column)).map(([name]) => `"${name}" IS NULL`);
  const bounds = columns
    .map(([name, column]) => outOfBounds(`"${name}"`, column).join(' OR '))
    .filter(Boolean);
  const cells = (name: string, predicates: readonly string[]): string =>
    check(name, ['sum(cells)', from(...predicates.map((predicate) => scope.cells(dataset, predicate)))]);
  return [
    check(checkOfUniqueKey(dataset), scope.repeated(dataset, contract['x-primaryKey'])),
    cells(`${dataset}_required_present`, required),
    ...(bounds.length === 0 ? [] : [cells(`${dataset}_within_range`, bounds)]),
    ...contract['x-foreignKeys'].map(({ column, dataset: parent }) => {
      const parentKey = contracts[parent]?.['x-primaryKey'] ?? column;
      const missing = scope.missing({ dataset, column }, { dataset: parent, column: parentKey });
      return check(`${dataset}_${column}_exists`, missing);
    }),
  ];
}

function check(name: string, [violations, from]: readonly [string, string]): string {
  return `SELECT '${name}' AS name, ${violations} AS violations ${from}`;
}

function from(...queries: readonly string[]): string {
  return `FROM (\n${queries.map((query) => `  ${query}`).join('\n  UNION ALL\n')}\n)`;
}

function writtenKeys({ dataset, column }: Reference): string {
  return `(SELECT DISTINCT "${column}" FROM ${dataset} WHERE ${WRITTEN})`;
}

function outOfBounds(name: string, column: Column): string[] {
  const earliest = column['x-timestampRange']?.earliest;
  return [
    ...(column.minimum === undefined ? [] : [`${name} < ${column.minimum}`]),
    ...(column.maximum === undefined ? [] : [`${name} > ${column.maximum}`]),
    ...(earliest === undefined ? [] : [`${name} < TIMESTAMP '${sqlTimestamp(earliest)}'`]),
  ];
}

/** `2000-01-01T00:00:00Z` as Athena writes it: `2000-01-01 00:00:00`. */
function sqlTimestamp(instant: string): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}
