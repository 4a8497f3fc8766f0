import {
  type AthenaClient,
  BatchGetNamedQueryCommand,
  paginateListNamedQueries,
} from '@aws-sdk/client-athena';
import { type NamedQuery } from '../query/named';
import { type Stack } from '../stack';

/** Queries that one call can read: https://docs.aws.amazon.com/athena/latest/APIReference/API_BatchGetNamedQuery.html */
const READ_AT_ONCE = 50;

/** The named queries of the stack's workgroup, by name. */
export async function namedQueriesWith(client: AthenaClient, { WorkGroup }: Stack): Promise<NamedQuery[]> {
  const ids: string[] = [];
  for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client }, { WorkGroup })) {
    ids.push(...NamedQueryIds);
  }
  const queries: NamedQuery[] = [];
  for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
    const NamedQueryIds = ids.slice(at, at + READ_AT_ONCE);
    const { NamedQueries = [] } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
    for (const { Name = '', Description = '', QueryString = '' } of NamedQueries) {
      queries.push({ name: Name, description: Description, sql: QueryString });
    }
  }
  return queries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
