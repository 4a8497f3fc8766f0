import {
  DescribeStateMachineCommand,
  type SFNClient,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';

/** The machine that is deployed, and the alias that executions start by. */
export interface Deployed {
  readonly machine: string;
  readonly alias: string;
}

/** Changes the definition for executions from now on, as a release would: a new version, and the alias moves to it. */
export async function redefine(
  sfn: SFNClient,
  { machine, alias }: Deployed,
  change: (definition: unknown) => unknown,
): Promise<void> {
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: machine }));
  const { stateMachineVersionArn } = await sfn.send(
    new UpdateStateMachineCommand({
      stateMachineArn: machine,
      definition: JSON.stringify(change(JSON.parse(definition))),
      publish: true,
    }),
  );
  await sfn.send(
    new UpdateStateMachineAliasCommand({
      stateMachineAliasArn: alias,
      routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
    }),
  );
}
