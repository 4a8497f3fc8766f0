import { CommandFailed } from './errors';

/** What the deployed stack tells about itself: its CloudFormation outputs. */
export interface Stack {
  readonly LandingBucket: string;
  readonly WarehouseBucket: string;
  readonly ArtefactsBucket: string;
  readonly LedgerTable: string;
  readonly StateMachineArn: string;
  readonly LiveAliasArn: string;
  readonly WorkGroup: string;
  readonly CatalogDatabase: string;
  readonly AlertsTopicArn: string;
  readonly DetectArrivalFunction: string;
  readonly ArrivalQueueUrl: string;
  readonly ArrivalDlqUrl: string;
  readonly ArrivalRuleDlqUrl: string;
  readonly JobNamePrefix: string;
  /** The parameter undoDays of the deploy. */
  readonly UndoDays: string;
  /** The parameter maintenanceMinFiles of the deploy. */
  readonly MaintenanceMinFiles: string;
}

/** Reads a stack's outputs by name; undefined when there is no such stack. */
export type ReadOutputs = (stackName: string) => Promise<Readonly<Record<string, string>> | undefined>;

export function stackName(stage: string): string {
  return `lakehouse-${stage}`;
}

/**
 * The outputs of a stage's stack.
 *
 * @throws CommandFailed when the stack, or an output that this version needs, is missing.
 */
export async function readStack(stage: string, readOutputs: ReadOutputs): Promise<Stack> {
  const deploy = `deploy it with: npx lakehouse up --stage ${stage}`;
  const outputs = await readOutputs(stackName(stage));
  if (outputs === undefined) throw new CommandFailed(`There is no stack ${stackName(stage)}; ${deploy}`);
  const missing: string[] = [];
  const output = (name: keyof Stack): string => {
    const value = outputs[name];
    if (value === undefined) missing.push(name);
    return value ?? '';
  };
  const stack: Stack = {
    LandingBucket: output('LandingBucket'),
    WarehouseBucket: output('WarehouseBucket'),
    ArtefactsBucket: output('ArtefactsBucket'),
    LedgerTable: output('LedgerTable'),
    StateMachineArn: output('StateMachineArn'),
    LiveAliasArn: output('LiveAliasArn'),
    WorkGroup: output('WorkGroup'),
    CatalogDatabase: output('CatalogDatabase'),
    AlertsTopicArn: output('AlertsTopicArn'),
    DetectArrivalFunction: output('DetectArrivalFunction'),
    ArrivalQueueUrl: output('ArrivalQueueUrl'),
    ArrivalDlqUrl: output('ArrivalDlqUrl'),
    ArrivalRuleDlqUrl: output('ArrivalRuleDlqUrl'),
    JobNamePrefix: output('JobNamePrefix'),
    UndoDays: output('UndoDays'),
    MaintenanceMinFiles: output('MaintenanceMinFiles'),
  };
  if (missing.length === 0) return stack;
  throw new CommandFailed(
    `The stack ${stackName(stage)} has no output ${missing.join(', ')}: its last deploy was another version or failed; ${deploy}`,
  );
}
