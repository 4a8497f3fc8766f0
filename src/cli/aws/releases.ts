import {
  DeleteFunctionCommand,
  type LambdaClient,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import {
  DeleteStateMachineVersionCommand,
  DescribeExecutionCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  paginateListExecutions,
  type SFNClient,
  TagResourceCommand,
  UpdateStateMachineAliasCommand,
} from '@aws-sdk/client-sfn';
import { type Pruning } from '../../release/prune';
import { type Release, type Releases } from '../../release/releases';
import { type Stack } from '../stack';

/** Tag of the machine with the numbers of the releases that were gone back from; a version itself takes no tags. */
const WITHDRAWN_TAG = 'withdrawnReleases';
const FUNCTION_VERSION = /arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w-]+:\d+/g;

export const functionsOf = (definition: string): string[] => [
  ...new Set(definition.match(FUNCTION_VERSION) ?? []),
];

type Machine = Pick<Stack, 'StateMachineArn' | 'LiveAliasArn'>;

/** Releases of the deployed machine, through Step Functions. */
export function releasesWith(client: SFNClient, stack: Machine): Releases {
  const withdrawn = async (): Promise<Set<number>> => {
    const { tags = [] } = await client.send(
      new ListTagsForResourceCommand({ resourceArn: stack.StateMachineArn }),
    );
    const value = tags.find(({ key }) => key === WITHDRAWN_TAG)?.value ?? '';
    return new Set(value.split(' ').filter(Boolean).map(Number));
  };
  return {
    async list() {
      const { routingConfiguration = [] } = await client.send(
        new DescribeStateMachineAliasCommand({ stateMachineAliasArn: stack.LiveAliasArn }),
      );
      const weights = new Map(
        routingConfiguration.map((route) => [route.stateMachineVersionArn, route.weight ?? 0]),
      );
      const left = await withdrawn();
      const arns = await versionArns(client, stack);
      return Promise.all(
        arns.map(async (arn): Promise<Release> => {
          const version = await client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
          const number = Number(arn.slice(arn.lastIndexOf(':') + 1));
          return {
            number,
            arn,
            name: version.description ?? '',
            createdAt: version.creationDate?.toISOString() ?? '',
            weight: weights.get(arn) ?? 0,
            withdrawn: left.has(number),
            functions: functionsOf(version.definition ?? ''),
          };
        }),
      );
    },
    async makeLive({ arn }) {
      await client.send(
        new UpdateStateMachineAliasCommand({
          stateMachineAliasArn: stack.LiveAliasArn,
          routingConfiguration: [{ stateMachineVersionArn: arn, weight: 100 }],
        }),
      );
    },
    async rememberWithdrawn(numbers) {
      await client.send(
        new TagResourceCommand({
          resourceArn: stack.StateMachineArn,
          tags: [{ key: WITHDRAWN_TAG, value: numbers.join(' ') }],
        }),
      );
    },
  };
}

/** What pruning works on. */
export function pruningWith(stepFunctions: SFNClient, lambda: LambdaClient, stack: Machine): Pruning {
  return {
    list: () => releasesWith(stepFunctions, stack).list(),
    async executing() {
      const found = new Set<string>();
      const running = { stateMachineArn: stack.StateMachineArn, statusFilter: 'RUNNING' as const };
      for await (const { executions = [] } of paginateListExecutions({ client: stepFunctions }, running)) {
        for (const { executionArn } of executions) {
          const version = await versionOfExecution(stepFunctions, executionArn);
          if (version !== undefined) found.add(version);
        }
      }
      return found;
    },
    async deployedFunctions() {
      const { StateMachineArn: stateMachineArn } = stack;
      const { definition = '' } = await stepFunctions.send(
        new DescribeStateMachineCommand({ stateMachineArn }),
      );
      return functionsOf(definition);
    },
    async functionVersions(functionNames) {
      const found = [];
      for (const FunctionName of functionNames) {
        for await (const { Versions = [] } of paginateListVersionsByFunction(
          { client: lambda },
          { FunctionName },
        )) {
          found.push(
            ...Versions.filter(({ Version }) => Version !== '$LATEST').map(({ Version }) => ({
              functionName: FunctionName,
              version: Number(Version),
            })),
          );
        }
      }
      return found;
    },
    async deleteRelease({ arn }) {
      await stepFunctions.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: arn }));
    },
    async deleteFunctionVersion({ functionName, version }) {
      await lambda.send(
        new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: String(version) }),
      );
    },
  };
}

/** The release that an execution runs on; undefined when it was started without one. */
export async function versionOfExecution(
  client: SFNClient,
  executionArn: string | undefined,
): Promise<string | undefined> {
  const { stateMachineVersionArn } = await client.send(new DescribeExecutionCommand({ executionArn }));
  return stateMachineVersionArn;
}

/** Newest first. */
async function versionArns(
  client: SFNClient,
  { StateMachineArn: stateMachineArn }: Machine,
): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new ListStateMachineVersionsCommand({ stateMachineArn, nextToken }));
    for (const { stateMachineVersionArn } of page.stateMachineVersions ?? []) {
      if (stateMachineVersionArn !== undefined) arns.push(stateMachineVersionArn);
    }
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return arns;
}
