import { setTimeout as pause } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { type Athena } from '../query/athena';
import { type Stack } from '../stack';

/** Rows that Athena gives at most in one answer. */
const PAGE_ROWS = 1_000;

/** Athena in the stack's workgroup and database. */
export function athenaWith(athena: AthenaClient, stack: Stack): Athena {
  return {
    async start(sql) {
      const { QueryExecutionId } = await athena.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: stack.WorkGroup,
          QueryExecutionContext: { Database: stack.CatalogDatabase },
        }),
      );
      return QueryExecutionId ?? '';
    },
    async state(id) {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
      return {
        state: QueryExecution?.Status?.State ?? 'QUEUED',
        reason: QueryExecution?.Status?.StateChangeReason ?? 'the service gives no reason',
        statementType: QueryExecution?.StatementType ?? 'DML',
      };
    },
    async page(id, token) {
      const { ResultSet, NextToken } = await athena.send(
        new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token, MaxResults: PAGE_ROWS }),
      );
      return {
        columns: (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({
          name: Name,
          type: Type,
        })),
        rows: (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map((datum) => datum.VarCharValue ?? null)),
        nextToken: NextToken,
      };
    },
    async stop(id) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    },
    pause: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
  };
}
