import { type Column, type Contract, isNullable } from '../contract/contracts';

/**
 * One Athena query that judges the tables readers see: a row per check with the columns `name` and `violations`. It can
 * only find something if a job, or somebody else, broke a table (docs/adr/0008-validations.md). Empty tables, waiting
 * orphans and rejected rows are no violations.
 *
 * Each column has a scan of its own: Athena leaves out files by the statistics of Delta and Parquet only where a predicate
 * names one column, so of sound tables nothing but the keys is read (docs/adr/0034-validation-by-statistics.md).
 */
export function validationSql(
  contracts: Readonly<Record<string, Contract>>,
  datasets: readonly string[],
): string {
  const checks = datasets.flatMap((dataset) => {
    const contract = contracts[dataset];
    return contract === undefined ? [] : checksOf(dataset, contract, contracts);
  });
  return `${checks.join('\nUNION ALL\n')}\n`;
}

function checksOf(
  dataset: string,
  contract: Contract,
  contracts: Readonly<Record<string, Contract>>,
): string[] {
  const key = contract['x-primaryKey'];
  const columns = Object.entries(contract.properties);
  const required = columns.filter(([, column]) => !isNullable(column)).map(([name]) => `"${name}" IS NULL`);
  const bounds = columns
    .map(([name, column]) => outOfBounds(`"${name}"`, column).join(' OR '))
    .filter(Boolean);
  return [
    check(`${dataset}_primary_key_unique`, `count(*) - count(DISTINCT "${key}")`, `FROM ${dataset}`),
    checkCells(`${dataset}_required_present`, dataset, required),
    ...(bounds.length === 0 ? [] : [checkCells(`${dataset}_within_range`, dataset, bounds)]),
    ...contract['x-foreignKeys'].map(({ column, dataset: parent }) => {
      const parentKey = contracts[parent]?.['x-primaryKey'] ?? column;
      return check(
        `${dataset}_${column}_exists`,
        'count(*)',
        `FROM ${dataset} c LEFT JOIN ${parent} p ON c."${column}" = p."${parentKey}" WHERE p."${parentKey}" IS NULL`,
      );
    }),
  ];
}

function check(name: string, violations: string, from: string): string {
  return `SELECT '${name}' AS name, ${violations} AS violations ${from}`;
}

/** Counts the cells that a predicate finds, each on one column. */
function checkCells(name: string, dataset: string, predicates: readonly string[]): string {
  const counts = predicates.map((found) => `  SELECT count(*) AS cells FROM ${dataset} WHERE ${found}`);
  return check(name, 'sum(cells)', `FROM (\n${counts.join('\n  UNION ALL\n')}\n)`);
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
