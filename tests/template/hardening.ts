import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { at, ofType, type Package, PROJECT, resource } from './packaging';

const KEY = { 'Fn::GetAtt': ['DataKey', 'Arn'] };
const NOTHING = { Ref: 'AWS::NoValue' };
const DATA = ['LandingBucket', 'WarehouseBucket', 'ArtefactsBucket'];

interface Finding {
  readonly check_id: string;
  readonly resource: string;
}
interface Exemption {
  readonly check: string;
  /** Logical id, or `*` for every resource of the check. */
  readonly resource: string;
  readonly reason: string;
}

/** What checkov finds on packaged templates, each as `<check> <logical id>`, also where it depends on a stage's values. */
function scan(files: readonly string[]): string[] {
  const checkov = join(PROJECT, '.tools', 'venv-scan', 'bin', 'checkov');
  const flags = ['--framework', 'cloudformation', '--skip-download', '--soft-fail', '-o', 'json'];
  const named = files.flatMap((file) => ['-f', file]);
  const report = execFileSync(checkov, [...flags, ...named], {
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 1 << 26,
  });
  const { results, summary } = JSON.parse(report) as {
    results: { failed_checks: Finding[] };
    summary: { passed: number; parsing_errors: number };
  };
  expect(summary.parsing_errors).toBe(0);
  expect(summary.passed).toBeGreaterThan(200 * files.length);
  const found = results.failed_checks.map(
    ({ check_id, resource }) => `${check_id} ${resource.split('.').at(-1)!}`,
  );
  return [...new Set(found)];
}

export function hardeningTests(
  packages: () => Record<'staging' | 'prod' | 'local' | 'branch', Package>,
): void {
  const template = () => packages().prod.template;
  const ids = (type: string) => ofType(template(), type).map(([id]) => id);

  it('encrypts whatever may hold rows with the key of the stack, where the stage asks for one', () => {
    for (const id of DATA) {
      const rule = at(template(), id, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0);
      expect([id, rule]).toEqual([
        id,
        {
          ServerSideEncryptionByDefault: {
            'Fn::If': [
              'HasDataKey',
              { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY },
              { SSEAlgorithm: 'AES256' },
            ],
          },
          BucketKeyEnabled: { 'Fn::If': ['HasDataKey', true, false] },
        },
      ]);
    }
    const optional = { 'Fn::If': ['HasDataKey', KEY, NOTHING] };
    for (const id of ids('AWS::Logs::LogGroup'))
      expect([id, at(template(), id, 'KmsKeyId')]).toEqual([id, optional]);
    for (const id of ids('AWS::SQS::Queue')) {
      const given = { 'Fn::If': ['HasDataKey', { Ref: 'DataKey' }, NOTHING] };
      expect([id, at(template(), id, 'KmsMasterKeyId')]).toEqual([id, given]);
    }
    for (const id of ids('AWS::Glue::Job')) {
      const given = { 'Fn::If': ['HasDataKey', { Ref: 'JobSecurity' }, NOTHING] };
      expect([id, at(template(), id, 'SecurityConfiguration')]).toEqual([id, given]);
    }
    expect(at(template(), 'Ledger', 'SSESpecification', 'KMSMasterKeyId')).toEqual({
      'Fn::If': ['HasDataKey', { Ref: 'DataKey' }, NOTHING],
    });
    expect(at(template(), 'Trail', 'KMSKeyId')).toEqual(optional);
    expect(template().Parameters['CustomerManagedKey']).toMatchObject({ Default: 'true' });
  });

  it('lets every role that meets encrypted data use the key, through the services alone', () => {
    const roles = at(template(), 'UseDataKey', 'Roles') as { Ref: string }[];
    // the crawler reads only what the account's own key protects: with our key its operator adds it on purpose; the chat
    // reads alarms alone
    const expected = ids('AWS::IAM::Role').filter((id) => id !== 'CrawlerRole' && id !== 'ChatRole');
    expect(roles.map(({ Ref }) => Ref).sort()).toEqual(expected.sort());
    const statements = at(template(), 'UseDataKey', 'PolicyDocument', 'Statement') as {
      Resource: unknown;
      Condition: { StringEquals: Record<string, unknown> };
    }[];
    for (const { Resource, Condition } of statements) {
      expect(Resource).toEqual(KEY);
      expect(Object.keys(Condition.StringEquals)).toEqual(['kms:ViaService']);
    }
  });

  it('records every access to an object that holds rows where nobody can change the record', () => {
    const selected = at(template(), 'Trail', 'AdvancedEventSelectors', 0, 'FieldSelectors', 2) as {
      StartsWith: { 'Fn::Sub': string }[];
    };
    expect(selected.StartsWith.map((arn) => arn['Fn::Sub'])).toEqual([
      '${LandingBucket.Arn}/',
      '${WarehouseBucket.Arn}/',
      '${ArtefactsBucket.Arn}/query-results/',
    ]);
    expect(at(template(), 'Trail', 'EnableLogFileValidation')).toBe(true);
    expect(at(template(), 'AuditBucket', 'ObjectLockConfiguration')).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
    });
    for (const id of DATA) {
      const logging = at(template(), id, 'LoggingConfiguration', 'Fn::If') as unknown[];
      expect([id, logging[0], logging[1]]).toMatchObject([
        id,
        'IsAudited',
        { DestinationBucketName: { Ref: 'AccessLogsBucket' } },
      ]);
    }
    for (const stage of ['staging', 'prod'] as const) {
      expect(packages()[stage].template.Parameters['Audited']).toMatchObject({ Default: 'true' });
    }
  });

  it('bounds every role by the policy that the account gives, if it gives one', () => {
    const bounded = { 'Fn::If': ['HasPermissionsBoundary', { Ref: 'PermissionsBoundary' }, NOTHING] };
    for (const id of ids('AWS::IAM::Role'))
      expect([id, resource(template(), id).Properties['PermissionsBoundary']]).toEqual([id, bounded]);
  });

  it('limits the queue’s consumer by its mapping, never by reserved concurrency', () => {
    const mappings = ofType(template(), 'AWS::Lambda::EventSourceMapping');
    expect(mappings.map(([, { Properties }]) => Properties['ScalingConfig'])).toEqual([
      { MaximumConcurrency: 5 },
    ]);
    for (const [, { Properties }] of ofType(template(), 'AWS::Lambda::Function'))
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('alerts before the month costs more than the budget', () => {
    const notices = at(template(), 'MonthlyBudget', 'NotificationsWithSubscribers') as {
      Notification: { NotificationType: string; Threshold: number };
      Subscribers: unknown[];
    }[];
    expect(notices.map(({ Notification: n }) => [n.NotificationType, n.Threshold])).toEqual([
      ['ACTUAL', 80],
      ['FORECASTED', 100],
    ]);
    const publishers = at(template(), 'AlertsTopicPolicy', 'PolicyDocument', 'Statement', 0, 'Principal');
    expect(publishers).toMatchObject({ Service: expect.arrayContaining(['budgets.amazonaws.com']) });
  });

  it('leaves checkov nothing to find at any stage but what is listed with a reason, and lists nothing that it does not find', () => {
    const file = join(PROJECT, 'resources', 'checkov-exemptions.json');
    const exemptions = JSON.parse(readFileSync(file, 'utf8')) as Exemption[];
    for (const { reason } of exemptions) expect(reason.length).toBeGreaterThan(20);
    const findings = scan(Object.values(packages()).map(({ file }) => file));
    const matches = (finding: string, { check, resource }: Exemption): boolean =>
      resource === '*' ? finding.startsWith(`${check} `) : finding === `${check} ${resource}`;
    expect(
      findings.filter((finding) => !exemptions.some((exemption) => matches(finding, exemption))),
    ).toEqual([]);
    const unused = exemptions.filter((exemption) => !findings.some((finding) => matches(finding, exemption)));
    expect(unused).toEqual([]);
  }, 120_000);
}
