import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionDoesNotExist,
  type HistoryEvent,
  paginateGetExecutionHistory,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { type Run, type RunEvent } from '../../report/facts';

/** Events that Step Functions gives at most in one answer. */
const PAGE_EVENTS = 1_000;

/** The execution with its history, without inputs and outputs; undefined when Step Functions has forgotten it. */
export async function readRun(client: SFNClient, executionArn: string): Promise<Run | undefined> {
  try {
    const { status, startDate, stopDate } = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { definition } = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    const events: RunEvent[] = [];
    const pages = paginateGetExecutionHistory(
      { client, pageSize: PAGE_EVENTS },
      { executionArn, includeExecutionData: false },
    );
    for await (const page of pages) events.push(...(page.events ?? []).map(runEvent));
    return {
      arn: executionArn,
      status: status ?? 'RUNNING',
      startedAt: (startDate ?? new Date(0)).toISOString(),
      endedAt: stopDate?.toISOString() ?? null,
      definition: definition ?? '{}',
      events,
    };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

function runEvent(event: HistoryEvent): RunEvent {
  const { id = 0, previousEventId = 0, type = '', timestamp } = event;
  const error =
    event.taskFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.executionFailedEventDetails;
  return {
    ...{ id, type },
    previous: previousEventId,
    at: timestamp?.getTime() ?? 0,
    state: event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name ?? null,
    error: error?.error ?? null,
  };
}
