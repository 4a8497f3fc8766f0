import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { type ReadOutputs } from '../stack';

/** Stack outputs through CloudFormation. */
export function readOutputsWith(cloudFormation: CloudFormationClient): ReadOutputs {
  return async (StackName) => {
    try {
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      const outputs = (Stacks[0]?.Outputs ?? []).map(
        ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
      );
      return Stacks[0] === undefined ? undefined : Object.fromEntries(outputs);
    } catch (error) {
      // a stack that does not exist is a ValidationError like any other; only the message tells
      if (error instanceof CloudFormationServiceException && error.message.includes('does not exist')) {
        return undefined;
      }
      throw error;
    }
  };
}
