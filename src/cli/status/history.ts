import { type StatusTableOutput, type TableCommit } from '../../../generated/types/outputs/statusTable';
import { readCommits } from '../../delta/commits';
import { type Objects } from '../../objects/objects';
import { CommandFailed, UsageError } from '../errors';
import { renderTable } from '../table';

/**
 * The table of that name.
 *
 * @throws UsageError when there is none.
 */
export function requireTable<T extends { readonly name: string }>(name: string, tables: readonly T[]): T {
  const found = tables.find((table) => table.name === name);
  if (found !== undefined) return found;
  const known = tables.map((table) => table.name).join(', ');
  throw new UsageError(`There is no table ${name}: it is one of ${known}`);
}

/**
 * The commits of a table's Delta log that are still there, newest first.
 *
 * @throws CommandFailed when it has no log yet.
 */
export async function history(
  table: string,
  warehouse: string,
  objects: Objects,
): Promise<StatusTableOutput> {
  return { history: requireCommits(table, await readCommits(objects, warehouse, table)) };
}

/**
 * The commits of a table that has some.
 *
 * @throws CommandFailed when it has none.
 */
export function requireCommits<T extends readonly TableCommit[]>(table: string, commits: T): T {
  if (commits.length > 0) return commits;
  throw new CommandFailed(
    `The table ${table} has no commit yet: it is created by the first load (lakehouse ingest)`,
  );
}

/** The history for people. */
export function renderHistory({ history: commits }: StatusTableOutput): string {
  return renderTable(
    ['version', 'timestamp', 'operation', 'batch', 'inserted', 'updated', 'deleted', 'engine'],
    commits.map(({ version, timestamp, operation, batch, rows, engineInfo }) => [
      ...[version, timestamp, operation, batch],
      ...[rows?.inserted, rows?.updated, rows?.deleted],
      engineInfo,
    ]),
  );
}
