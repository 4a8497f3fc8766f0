/** What a run on the local cloud leaves behind for tests/privilege: calls, logs, data and the names of the stack. */
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { paginateGetExecutionHistory, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { expect } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Holds a folder for each test file; `tests/privilege` reads it. */
export const recordings = path.resolve(__dirname, '../../.recordings');

type Client = ConstructorParameters<typeof CloudFormationClient>[0];

/** The folder of the test file that is running; undefined for one that is not end to end. */
export function recordingOfThisFile(): string | undefined {
  const { testPath = '' } = expect.getState();
  const { dir, base } = path.parse(testPath);
  return dir === __dirname ? path.join(recordings, base.replace('.test.ts', '')) : undefined;
}

async function keepResources(client: Client, folder: string): Promise<string> {
  const { StackResources = [] } = await new CloudFormationClient(client ?? {}).send(
    new DescribeStackResourcesCommand({ StackName: 'lakehouse-local' }),
  );
  const names = StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [
    LogicalResourceId,
    PhysicalResourceId,
  ]);
  const resources = Object.fromEntries(names) as Record<string, string>;
  writeFileSync(path.join(folder, 'resources.json'), JSON.stringify(resources, null, 2));
  return resources['IngestStateMachine'] ?? '';
}

async function keepLogs(client: Client, folder: string): Promise<void> {
  const logs = new CloudWatchLogsClient(client ?? {});
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
    for (const { logGroupName = '' } of logGroups) {
      const lines: string[] = [];
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName }))
        lines.push(...events.map(({ message = '' }) => message));
      writeFileSync(path.join(folder, `${logGroupName.replaceAll('/', '~')}.log`), lines.join('\n'));
    }
}

/** Whole histories, inputs and outputs included, which is more than the state machine logs. */
async function keepHistories(client: Client, machine: string, folder: string): Promise<void> {
  const states = new SFNClient(client ?? {});
  for await (const { executions = [] } of paginateListExecutions(
    { client: states },
    { stateMachineArn: machine },
  ))
    for (const { executionArn = '', name = '' } of executions) {
      const lines: string[] = [];
      for await (const { events = [] } of paginateGetExecutionHistory({ client: states }, { executionArn }))
        lines.push(...events.map((event) => JSON.stringify(event)));
      writeFileSync(path.join(folder, `execution-${name}.jsonl`), lines.join('\n'));
    }
}

/** A log that the cloud lost when it was killed is still in the run's own folder. */
function keepJobOutputs(instance: string, folder: string): void {
  const runs = path.join(instance, 'glue', 'work');
  for (const run of existsSync(runs) ? readdirSync(runs) : [])
    for (const kind of ['out', 'err']) {
      const file = path.join(runs, run, kind);
      if (existsSync(file)) cpSync(file, path.join(folder, `${run}-${kind}.log`));
    }
}

/** Replaces what an earlier run of the same test file left; the cloud must still be up. */
export async function keepRecording(
  cloud: { client: NonNullable<Client>; data: string; instance: string },
  folder: string,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const logs = path.join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  cpSync(path.join(cloud.instance, 'calls.jsonl'), path.join(folder, 'calls.jsonl'));
  if (existsSync(cloud.data)) cpSync(cloud.data, path.join(folder, 'data'), { recursive: true });
  const machine = await keepResources(cloud.client, folder);
  await keepLogs(cloud.client, logs);
  await keepHistories(cloud.client, machine, logs);
  keepJobOutputs(cloud.instance, logs);
}
