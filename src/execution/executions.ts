import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

/** The input of an execution of the ingest machine. */
export interface ExecutionInput {
  readonly trigger: 'arrival' | 'sweep' | 'handover' | 'command';
}

export interface Executions {
  /** Starts an execution; with a name at most one of that name, ever. */
  start(input: ExecutionInput, name?: string): Promise<void>;
  /** Whether the execution may still act. One that Step Functions has forgotten cannot. */
  isRunning(executionArn: string): Promise<boolean>;
}

/** Executions of a Step Functions state machine; an observer of others needs no ARN to start. */
export function stepFunctionsExecutions(client: SFNClient, stateMachineArn = ''): Executions {
  return {
    async start(input, name) {
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn,
            input: JSON.stringify(input),
            ...(name === undefined ? {} : { name }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    async isRunning(executionArn) {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'RUNNING' || status === 'PENDING_REDRIVE';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return false;
        throw error;
      }
    },
  };
}
