import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { at, ofType, type Package, PROJECT, resource } from './packaging';

const MESSAGES = ['ArrivalQueue', 'ArrivalDlq', 'ArrivalRuleDlq'];

/** Arrival, jobs, logs and alarms. */
export function operationTests(staging: () => Package): void {
  const template = () => staging().template;

  it('brings only raw/ of the landing bucket to the queue, with retries and a dead letter queue', () => {
    expect(at(template(), 'ArrivalRule', 'EventPattern')).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [{ Ref: 'LandingBucket' }] }, object: { key: [{ prefix: 'raw/' }] } },
    });
    expect(at(template(), 'ArrivalRule', 'Targets')).toHaveLength(1);
    const retries = at(template(), 'ArrivalRule', 'Targets', 0, 'RetryPolicy', 'MaximumRetryAttempts');
    expect(retries).toBeGreaterThan(0);
    expect(at(template(), 'ArrivalRule', 'Targets', 0)).toMatchObject({
      Arn: { 'Fn::GetAtt': ['ArrivalQueue', 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['ArrivalRuleDlq', 'Arn'] } },
    });
  });

  it('encrypts the queues and keeps what failed for two weeks', () => {
    expect(
      ofType(template(), 'AWS::SQS::Queue')
        .map(([id]) => id)
        .sort(),
    ).toEqual([...MESSAGES].sort());
    for (const id of MESSAGES) {
      expect(resource(template(), id).Properties).toMatchObject({
        // the stack's key or SQS's own, never neither
        SqsManagedSseEnabled: { 'Fn::If': ['HasDataKey', { Ref: 'AWS::NoValue' }, true] },
        MessageRetentionPeriod: 1_209_600,
      });
    }
    expect(resource(template(), 'ArrivalQueue').Properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['ArrivalDlq', 'Arn'] },
      maxReceiveCount: 5,
    });
  });

  it('hides a message for six times the consumer`s timeout and its batching window', () => {
    const consumer = resource(template(), 'DetectArrivalLambdaFunction').Properties['Timeout'] as number;
    const [[, mapping]] = ofType(template(), 'AWS::Lambda::EventSourceMapping') as [
      [string, ReturnType<typeof resource>],
    ];
    const window = mapping.Properties['MaximumBatchingWindowInSeconds'] as number;
    expect(mapping.Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    const visibility = resource(template(), 'ArrivalQueue').Properties['VisibilityTimeout'] as number;
    expect(visibility).toBeGreaterThanOrEqual(6 * consumer + window);
  });

  it.each([
    ['SweepSchedule', { sweep: true }],
    ['MaintenanceSchedule', { maintenance: true }],
  ])('has a %s that retries and keeps what it could not deliver', (schedule, input) => {
    const target = (...path: string[]) => at(template(), schedule, 'Target', ...path);
    expect(target('Arn')).toEqual({ 'Fn::GetAtt': ['DetectArrivalLambdaFunction', 'Arn'] });
    expect(JSON.parse(target('Input') as string)).toEqual(input);
    expect(target('DeadLetterConfig')).toEqual({ Arn: { 'Fn::GetAtt': ['ArrivalRuleDlq', 'Arn'] } });
    expect(target('RetryPolicy', 'MaximumRetryAttempts')).toBeGreaterThan(0);
  });

  it('asks for maintenance by itself only where the stage has a rate for it', () => {
    const { Condition, Properties } = resource(template(), 'MaintenanceSchedule');
    expect([Condition, Properties['ScheduleExpression']]).toEqual([
      'MaintainsTables',
      { Ref: 'MaintenanceRate' },
    ]);
    expect(template().Conditions['MaintainsTables']).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'MaintenanceRate' }, ''] }],
    });
  });

  it('runs Glue 5.1 with Delta, one run of a job at a time, without retries of its own', () => {
    for (const [, { Properties }] of ofType(template(), 'AWS::Glue::Job')) {
      expect(Properties).toMatchObject({
        GlueVersion: '5.1',
        MaxRetries: 0,
        ExecutionProperty: { MaxConcurrentRuns: 1 },
      });
      const settings = Properties['DefaultArguments'] as Record<string, string>;
      expect(settings['--datalake-formats']).toBe('delta');
      expect(`--conf ${settings['--conf'] ?? ''}`.split(' ').filter((word) => word !== '--conf')).toEqual([
        'spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension',
        'spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog',
        'spark.sql.session.timeZone=UTC',
        'spark.databricks.delta.snapshotPartitions=2',
      ]);
      expect(settings).toMatchObject({
        '--WAREHOUSE': { Ref: 'WarehouseBucket' },
        '--LEDGER_TABLE': { Ref: 'Ledger' },
        '--enable-observability-metrics': 'true',
        '--enable-continuous-cloudwatch-log': 'true',
      });
    }
    for (const [id, { Properties }] of ofType(template(), 'AWS::Glue::Job')) {
      const dataset = at(template(), id, 'DefaultArguments', '--DATASET') as string;
      expect(Properties['Name']).toBe(`lakehouse-staging-${dataset}`);
    }
  });

  it('names the script and the package by their content, for jobs and for planBatch alike', () => {
    const uris = [
      at(template(), 'OrdersJob', 'Command', 'ScriptLocation', 'Fn::Sub'),
      at(template(), 'OrdersJob', 'DefaultArguments', '--extra-py-files', 'Fn::Sub'),
    ];
    for (const uri of uris) {
      const [, hash, name] =
        /\/serverless\/lakehouse\/staging\/glue\/([0-9a-f]{16})\/([a-z_.]+)$/.exec(String(uri)) ?? [];
      const file = join(staging().folder, 'glue', String(hash), `${name}.asset`);
      expect(existsSync(file)).toBe(true);
      expect(createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)).toBe(hash);
    }
    const setting = (...path: string[]) =>
      at(template(), 'PlanBatchLambdaFunction', 'Environment', 'Variables', ...path);
    expect([setting('GLUE_SCRIPT', 'Fn::Sub'), setting('GLUE_PACKAGE', 'Fn::Sub')]).toEqual(uris);
    expect(setting('CONTRACT_HASH')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('leaves only the functions’ zips for the framework to count, so that an unchanged stack is not deployed again', () => {
    const zips = readdirSync(staging().folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.zip'),
    );
    expect(zips).toHaveLength(ofType(template(), 'AWS::Lambda::Function').length);
  });

  it('gives every function the settings that its handler reads, and no others', () => {
    const platform = ['POWERTOOLS_SERVICE_NAME', 'NODE_OPTIONS'];
    for (const [id, { Properties }] of ofType(template(), 'AWS::Lambda::Function')) {
      const name = (Properties['FunctionName'] as string).replace('lakehouse-staging-', '');
      const source = readFileSync(join(PROJECT, 'src', 'handlers', `${name}.ts`), 'utf8');
      const read = [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, setting]) => String(setting));
      const given = Object.keys(at(template(), id, 'Environment', 'Variables') as object);
      expect([name, given.sort()]).toEqual([name, [...read, ...platform].sort()]);
    }
  });

  it('leaves no token in the template', () => {
    expect(readFileSync(staging().file, 'utf8')).not.toMatch(/\{\{asset:/);
  });

  it('keeps logs for a limited time and traces everything', () => {
    const functions = ofType(template(), 'AWS::Lambda::Function');
    const groups = ofType(template(), 'AWS::Logs::LogGroup');
    for (const [, { Properties }] of groups) expect(Properties['RetentionInDays']).toBe(30);
    const names = groups.map(([, { Properties }]) => Properties['LogGroupName']);
    for (const [, { Properties }] of functions) {
      expect(names).toContain(`/aws/lambda/${Properties['FunctionName'] as string}`);
      expect(Properties['TracingConfig']).toEqual({ Mode: 'Active' });
    }
    const prefix = at(template(), 'OrdersJob', 'DefaultArguments', '--custom-logGroup-prefix') as string;
    // a security configuration, named as the stack, changes where Glue writes
    const ofJobs = ['error', 'output'].map((kind) => ({
      'Fn::If': ['HasDataKey', `${prefix}/${kind}-lakehouse-staging`, `${prefix}/${kind}`],
    }));
    expect(names).toEqual(expect.arrayContaining(ofJobs));
    const machine = resource(template(), 'IngestStateMachine').Properties;
    expect(machine['TracingConfiguration']).toEqual({ Enabled: true });
    expect(machine['LoggingConfiguration']).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
  });
}
