import { expect, it } from '@jest/globals';
import { at, ofType, type Package, resource, type Workspace } from './packaging';
import { machineOf, statesOf } from './states';

const LIVE = { 'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': 'live' } };

export function releaseTests(staging: () => Package, workspace: () => Workspace): void {
  const template = () => staging().template;

  it('calls a version of each function, never the function as it is now', () => {
    const called = statesOf(machineOf(staging())).flatMap(
      ([, { Arguments }]) => Arguments?.FunctionName ?? [],
    );
    expect(called.length).toBeGreaterThan(9);
    for (const name of called) expect(name).toMatch(/^\$\{\w+LambdaFunction\.Version\}$/);
    const versioned = ofType(template(), 'AWS::Lambda::Version').map(
      ([, { Properties }]) => (Properties['FunctionName'] as { Ref: string }).Ref,
    );
    const functions = ofType(template(), 'AWS::Lambda::Function').map(([id]) => id);
    expect(functions.filter((id) => !versioned.includes(id))).toEqual(['DetectArrivalLambdaFunction']);
    for (const statement of statementsOf('IngestRole', 'lambda:InvokeFunction'))
      for (const arn of statement.Resource) expect(arn['Fn::Sub']).toMatch(/LambdaFunction\.Arn\}:\*$/);
  });

  it('publishes a version of the machine by its revision and keeps the one before', () => {
    expect(resource(template(), 'IngestVersion')).toMatchObject({
      UpdateReplacePolicy: 'Retain',
      DeletionPolicy: 'Retain',
      Properties: {
        StateMachineRevisionId: { 'Fn::GetAtt': ['IngestStateMachine', 'StateMachineRevisionId'] },
      },
    });
    for (const [id, { DeletionPolicy }] of ofType(template(), 'AWS::Lambda::Version'))
      expect([id, DeletionPolicy]).toEqual([id, 'Retain']);
  });

  it('moves what is live as the stage says, and names the alarm that ends a move by its name', () => {
    const preference = at(template(), 'LiveAlias', 'DeploymentPreference') as Record<string, unknown>;
    const gradually = (value: unknown) => ({ 'Fn::If': ['ShiftsGradually', value, { Ref: 'AWS::NoValue' }] });
    expect(preference).toEqual({
      StateMachineVersionArn: { Ref: 'IngestVersion' },
      Type: { Ref: 'ReleaseShift' },
      Percentage: gradually({ Ref: 'ReleaseShiftPercent' }),
      Interval: gradually({ Ref: 'ReleaseShiftMinutes' }),
      Alarms: gradually([{ Ref: 'ExecutionsFailedAlarm' }]),
    });
    // CloudFormation counts an alarm that it does not find, an ARN for example, as fine
    expect(resource(template(), 'ExecutionsFailedAlarm').Type).toBe('AWS::CloudWatch::Alarm');
    expect(template().Parameters).toMatchObject({ ReleaseShift: { Default: 'ALL_AT_ONCE' } });
  });

  it('starts what is live, from arrivals and from handovers, and may start nothing else', () => {
    for (const id of ['DetectArrival', 'ReleaseLease']) {
      const environment = at(template(), `${id}LambdaFunction`, 'Environment', 'Variables') as {
        STATE_MACHINE_ARN: { 'Fn::Sub': string };
      };
      expect(environment.STATE_MACHINE_ARN['Fn::Sub']).toMatch(
        /:stateMachine:lakehouse-staging-ingest:live$/,
      );
      const starts = statementsOf(`${id}Role`, 'states:StartExecution');
      expect(starts.map(({ Condition }) => Condition)).toEqual([LIVE]);
    }
  });

  it('gives a job that changed another version of the function that plans it', () => {
    const versionOf = (packaged: Package) =>
      Object.keys(packaged.template.Resources).find((id) => id.startsWith('PlanBatchLambdaVersion'));
    const before = versionOf(staging());
    workspace().change('glue/load_dataset.py', (text) => `${text}# another release\n`);
    const after = workspace().package('staging', 'changed');
    expect([before, versionOf(after)]).toEqual([expect.any(String), expect.any(String)]);
    expect(versionOf(after)).not.toBe(before);
    const untouched = Object.keys(after.template.Resources).filter((id) =>
      id.startsWith('SettleJobLambdaVersion'),
    );
    expect(template().Resources).toHaveProperty(untouched);
  }, 120_000);

  function statementsOf(role: string, action: string) {
    const policies = resource(template(), role).Properties['Policies'] as {
      PolicyDocument: {
        Statement: { Action: string | string[]; Resource: { 'Fn::Sub': string }[]; Condition?: unknown }[];
      };
    }[];
    return policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes(action));
  }
}
