import { setTimeout as pause } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { type DriftedResource, unexpectedDrift } from '../../release/drift';
import { cloudFormationClient } from '../aws/clients';
import { CommandFailed, ExitCode } from '../errors';
import { stackName } from '../stack';
import { openStage, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

const LOOK_EVERY_MS = 2_000;

/** `lakehouse drift`; gives the exit status: 1 when somebody changed what the template says. */
export async function showDrift(
  { stage, json }: StageOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  await openStage(stage);
  const client = await cloudFormationClient();
  const drifted = unexpectedDrift(await detect(client, stackName(stage), terminal, signal));
  if (json) await writeJson(terminal, drifted);
  else {
    const rows = drifted.map(({ logicalId, type, status, properties }) => [
      ...[logicalId, type, status],
      properties.join(', '),
    ]);
    await terminal.write(renderTable(['resource', 'type', 'drift', 'properties'], rows));
  }
  return drifted.length === 0 ? ExitCode.ok : ExitCode.failed;
}

async function detect(
  client: CloudFormationClient,
  StackName: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<DriftedResource[]> {
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName }));
  for (;;) {
    const { DetectionStatus, DetectionStatusReason } = await client.send(
      new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
    );
    if (DetectionStatus === 'DETECTION_COMPLETE') break;
    if (DetectionStatus === 'DETECTION_FAILED') {
      throw new CommandFailed(
        `CloudFormation could not compare ${StackName} with its template: ${DetectionStatusReason ?? ''}`,
      );
    }
    terminal.progress('comparing the stack with its template ...');
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  const found: DriftedResource[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeStackResourceDriftsCommand({
        ...{ StackName, NextToken },
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
      }),
    );
    for (const drift of page.StackResourceDrifts ?? []) {
      found.push({
        logicalId: drift.LogicalResourceId ?? '',
        type: drift.ResourceType ?? '',
        status: drift.StackResourceDriftStatus ?? '',
        properties: (drift.PropertyDifferences ?? []).map(({ PropertyPath = '' }) => PropertyPath),
      });
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}
