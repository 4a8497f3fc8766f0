import { expect, it } from '@jest/globals';
import { at, ofType, type Package, resource } from './packaging';

interface Statement {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}
interface Reference {
  'Fn::GetAtt'?: string[];
  'Fn::Sub'?: string;
}
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** These take no resource in a policy: X-Ray, the delivery of vended logs, and metrics (limited by namespace). */
const WITHOUT_RESOURCE = ['Trace', 'DeliverLogs', 'Metrics'];

export function permissionTests(staging: () => Package): void {
  const template = () => staging().template;
  const roles = () => ofType(template(), 'AWS::IAM::Role');
  const statements = () =>
    roles().flatMap(([id, { Properties }]) =>
      (Properties['Policies'] as { PolicyDocument: { Statement: Statement[] } }[])
        .flatMap((policy) => policy.PolicyDocument.Statement)
        .map((statement) => ({ id, ...statement })),
    );
  const roleOf = (value: Reference) =>
    value['Fn::GetAtt']?.[0] ?? value['Fn::Sub']?.replace(/^\$\{(.*)\.Arn\}$/, '$1');

  it('gives every function, every job and the state machine a role of its own', () => {
    const functions = ofType(template(), 'AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.replace('LambdaFunction', 'Role'),
      roleOf(Properties['Role'] as Reference),
    ]);
    const jobs = ofType(template(), 'AWS::Glue::Job').map(([id, { Properties }]) => [
      `${id}Role`,
      roleOf(Properties['Role'] as Reference),
    ]);
    const machine = resource(template(), 'IngestStateMachine').Properties['RoleArn'] as {
      'Fn::GetAtt': string[];
    };
    const used = [...functions, ...jobs, ['IngestRole', roleOf(machine)]];
    for (const [expected, actual] of used) expect(actual).toBe(expected);
    expect(functions).toHaveLength(11);
    expect(jobs).toHaveLength(3);
    const known = [...used.map(([, role]) => role), 'SweepRole', 'CrawlerRole', 'ChatRole'];
    expect(
      roles()
        .map(([id]) => id)
        .sort(),
    ).toEqual(known.sort());
  });

  it('allows no wildcard action', () => {
    const wild = statements().filter(({ Action }) => list(Action).some((action) => action.includes('*')));
    expect(wild).toEqual([]);
  });

  it('allows nothing on every resource but what takes none', () => {
    const everywhere = statements().filter(({ Resource }) => list(Resource).includes('*'));
    expect([...new Set(everywhere.map(({ Sid }) => Sid))].sort()).toEqual([...WITHOUT_RESOURCE].sort());
    expect(everywhere.find(({ Sid }) => Sid === 'Metrics')?.Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': 'Glue' },
    });
  });

  it('uses no managed policy', () => {
    for (const [id, { Properties }] of roles())
      expect([id, Properties['ManagedPolicyArns']]).toEqual([id, undefined]);
  });

  it('lets a job write the tables of its own dataset only', () => {
    for (const [id, dataset] of [
      ['ProductsJobRole', 'products'],
      ['OrdersJobRole', 'orders'],
      ['OrderItemsJobRole', 'order_items'],
    ] as const) {
      const writable = statements()
        .filter((statement) => statement.id === id && list(statement.Action).includes('s3:PutObject'))
        .flatMap(({ Resource }) => list(Resource as { 'Fn::Sub': string }))
        .map((arn) => arn['Fn::Sub']);
      const own = new RegExp(
        `^\\$\\{WarehouseBucket\\.Arn\\}/${dataset}(_rejects|_orphans)?/\\*$` +
          `|^\\$\\{ArtefactsBucket\\.Arn\\}/batches/\\*/(parents/\\*|prepared|results|restored|maintained|erased|failures)/${dataset}\\.json$` +
          // a person's lines go from the files of the dataset, and from rejected ones, which may be of any
          `|^\\$\\{LandingBucket\\.Arn\\}/(processing|archived/${dataset}${dataset === 'orders' ? '|rejected' : ''})/\\*$`,
      );
      expect(writable.length).toBeGreaterThanOrEqual(5);
      for (const arn of writable) expect(arn).toMatch(own);
    }
  });

  it('lets only alarms and events use the key of the alerts, besides the account', () => {
    const key = at(template(), 'AlertsKey', 'KeyPolicy', 'Statement') as Statement[];
    expect(key.map(({ Sid }) => Sid)).toEqual(['AccountAdministration', 'AlarmsEventsAndBudgets']);
    expect(key[1]).toMatchObject({
      Principal: {
        Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'budgets.amazonaws.com'],
      },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(resource(template(), 'AlertsTopic').Properties['KmsMasterKeyId']).toEqual({ Ref: 'AlertsKey' });
  });
}
