import { UsageError } from '../errors';

/** A query that is deployed with the service. */
export interface NamedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** What is asked for: SQL, or the name of a query. */
export interface Asked {
  readonly sql: string | undefined;
  readonly named: string | undefined;
}

/**
 * The SQL to run.
 *
 * @throws UsageError when neither or both are given, or no query has the name.
 */
export async function sqlOf(
  { sql, named }: Asked,
  queries: () => Promise<readonly NamedQuery[]>,
): Promise<string> {
  if ((sql === undefined) === (named === undefined)) {
    throw new UsageError(
      'Give either SQL or --named NAME: npx lakehouse query "SELECT ..."; npx lakehouse queries lists the names',
    );
  }
  if (sql !== undefined) return sql;
  const known = await queries();
  const found = known.find(({ name }) => name === named);
  if (found !== undefined) return found.sql;
  throw new UsageError(
    `There is no query ${named ?? ''}: it is one of ${known
      .map(({ name }) => name)
      .sort()
      .join(', ')}`,
  );
}
