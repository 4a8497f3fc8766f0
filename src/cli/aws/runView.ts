import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { readEntry } from '../../ledger/entries';
import { readFiles } from '../../ledger/files';
import { type Store } from '../../store/store';
import { CommandFailed } from '../errors';
import { type FailedExecution, type RunView } from '../ingest/follow';
import { type Stack } from '../stack';

const BAD_ENDS: readonly ExecutionStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED'];
const LISTED = 10;

/** What `ingest` follows. */
export function runViewWith(
  store: Store,
  lambda: LambdaClient,
  stepFunctions: SFNClient,
  stack: Stack,
): RunView {
  const describe = async (executionArn: string): Promise<FailedExecution> => {
    const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    const { status = 'FAILED', error = 'no error name', cause = '' } = execution;
    return { arn: executionArn, status, error, cause };
  };
  const endedBadly = async (statusFilter: ExecutionStatus, since: Date): Promise<FailedExecution[]> => {
    const { executions = [] } = await stepFunctions.send(
      new ListExecutionsCommand({
        stateMachineArn: stack.StateMachineArn,
        statusFilter,
        maxResults: LISTED,
      }),
    );
    const arns = executions.flatMap(({ executionArn, stopDate }) =>
      executionArn !== undefined && stopDate !== undefined && stopDate >= since ? [executionArn] : [],
    );
    return Promise.all(arns.map(describe));
  };
  return {
    files: (fileIds) => readFiles(store, fileIds),
    entry: (number) => readEntry(store, number),
    failedExecutions: async (since) =>
      (await Promise.all(BAD_ENDS.map((status) => endedBadly(status, since)))).flat(),
    async sweep() {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({
          FunctionName: stack.DetectArrivalFunction,
          Payload: JSON.stringify({ sweep: true }),
        }),
      );
      if (FunctionError === undefined) return;
      throw new CommandFailed(
        `${stack.DetectArrivalFunction} failed: ${new TextDecoder().decode(Payload)}. See: npx sls logs -f detectArrival`,
      );
    },
  };
}
