import { type StatusTableOutput } from '../../../generated/types/outputs/statusTable';
import { readCommits } from '../../delta/commits';
import { type Objects } from '../../objects/objects';
import { CommandFailed, UsageError } from '../errors';
import { renderTable } from '../table';

/** @throws UsageError when there is no such table. */
export function requireTable(table: string, tables: readonly string[]): void {
  if (tables.includes(table)) return;
  throw new UsageError(`There is no table ${table}: it is one of ${tables.join(', ')}`);
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
  const commits = await readCommits(objects, warehouse, table);
  if (commits.length > 0) return { history: commits };
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
