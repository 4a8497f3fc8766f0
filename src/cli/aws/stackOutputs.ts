import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  type Stack as CloudFormationStack,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import { type ReadDeployTime } from '../deployLocally';
import { type ReadOutputs, stackName } from '../stack';

/** Stack outputs through CloudFormation. */
export function readOutputsWith(cloudFormation: CloudFormationClient): ReadOutputs {
  return async (name) => {
    const stack = await describeStack(cloudFormation, name);
    const outputs = (stack?.Outputs ?? []).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    return stack === undefined ? undefined : Object.fromEntries(outputs);
  };
}

const COMPLETE = new Set<string | undefined>([StackStatus.CREATE_COMPLETE, StackStatus.UPDATE_COMPLETE]);

/** When CloudFormation last changed the stack of a stage. */
export function readDeployTimeWith(cloudFormation: CloudFormationClient): ReadDeployTime {
  return async (stage) => {
    const stack = await describeStack(cloudFormation, stackName(stage));
    if (stack === undefined || !COMPLETE.has(stack.StackStatus)) return undefined;
    return (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString();
  };
}

async function describeStack(
  cloudFormation: CloudFormationClient,
  StackName: string,
): Promise<CloudFormationStack | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0];
  } catch (error) {
    // a stack that does not exist is a ValidationError like any other; only the message tells
    if (error instanceof CloudFormationServiceException && error.message.includes('does not exist')) {
      return undefined;
    }
    throw error;
  }
}
