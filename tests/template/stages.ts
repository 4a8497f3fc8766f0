import { expect, it } from '@jest/globals';
import { type Package, resource, type Template } from './packaging';

type Leaves = Map<string, unknown>;

function leavesOf(value: unknown, path: string, leaves: Leaves): Leaves {
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) leavesOf(item, `${path}/${key}`, leaves);
  } else leaves.set(path, value);
  return leaves;
}

/** Every scalar of the template by its path, without the stage's name and the time of packaging. */
function comparable(template: Template, stage: string): Leaves {
  const text = JSON.stringify(template, (key, value: unknown) =>
    key === 'DefinitionString' ? machineText(value) : value,
  );
  const neutral = text
    .replaceAll(new RegExp(`(?<=[-_/":])${stage}(?=[-_/"\\\\*:])`, 'g'), 'STAGE')
    .replaceAll(/STAGE\/\d+-[^/]+\//g, 'STAGE/TIME/');
  return leavesOf(JSON.parse(neutral), '', new Map());
}

const machineText = (definition: unknown): unknown => {
  const sub = (definition as { 'Fn::Sub': [string, unknown] })['Fn::Sub'];
  return [JSON.parse(sub[0]) as unknown, sub[1]];
};

/** The properties that a parameter of serverless.yml may set, and nothing else may differ. */
const PARAMETERS = [
  'Alert', // AlertEmail's default
  'BackoffRate',
  'BytesScannedCutoffPerQuery',
  'Days',
  'Default', // of CloudFormation's own parameters
  'DeletionPolicy',
  'DeletionProtectionEnabled',
  'IntervalSeconds',
  'JOB_BACKOFF_SECONDS',
  'JOB_MAX_ATTEMPTS',
  'MAX_BATCH_BYTES',
  'MAX_BATCH_FILES',
  'MAX_SETTLE_SECONDS',
  'MaxAttempts',
  'MaxDelaySeconds',
  'MaximumBatchingWindowInSeconds',
  'Mode', // of the audit bucket's lock
  'NumberOfWorkers',
  'RetentionInDays',
  'SETTLE_SECONDS',
  'ScheduleExpression',
];

export function stageTests(packages: () => Record<'staging' | 'prod' | 'local' | 'branch', Package>): void {
  it.each(['prod', 'local', 'branch'] as const)(
    '%s is the same stack as staging but for parameters',
    (stage) => {
      const expected = comparable(packages().staging.template, 'staging');
      const actual = comparable(packages()[stage].template, stage);
      expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
      const differing = [...actual]
        .filter(([path, value]) => value !== expected.get(path))
        .map(([path]) => path);
      const unexplained = differing.filter(
        (path) => !PARAMETERS.some((name) => path.split('/').at(-1)?.endsWith(name)),
      );
      expect(unexplained).toEqual([]);
      expect(differing).not.toEqual([]);
    },
  );

  it.each([
    ['staging', 'Retain', true],
    ['prod', 'Retain', true],
    ['local', 'Delete', false],
    ['branch', 'Delete', false],
  ] as const)('%s: data has the deletion policy %s', (stage, policy, protectedLedger) => {
    const { template } = packages()[stage];
    for (const id of ['LandingBucket', 'WarehouseBucket', 'ArtefactsBucket', 'Ledger']) {
      expect([id, resource(template, id).DeletionPolicy]).toEqual([id, policy]);
      expect([id, resource(template, id).UpdateReplacePolicy]).toEqual([id, 'Retain']);
    }
    expect(resource(template, 'Ledger').Properties['DeletionProtectionEnabled']).toBe(protectedLedger);
  });

  it('takes the values of staging for a stage name it does not know', () => {
    const environment = (stage: 'branch' | 'staging') =>
      JSON.stringify(
        resource(packages()[stage].template, 'PlanBatchLambdaFunction').Properties['Environment'],
      );
    expect(environment('branch')).toBe(environment('staging').replaceAll('staging', 'branch'));
  });

  it('names what the command looks for', () => {
    const names = [
      'LandingBucket',
      'WarehouseBucket',
      'ArtefactsBucket',
      'LedgerTable',
      'StateMachineArn',
      'WorkGroup',
      'CatalogDatabase',
      'AlertsTopicArn',
      'DetectArrivalFunction',
      'ArrivalQueueUrl',
      'ArrivalDlqUrl',
      'JobNamePrefix',
    ];
    expect(Object.keys(packages().local.template.Outputs)).toEqual(expect.arrayContaining(names));
  });

  it('subscribes an address to the alerts and creates the crawler only when asked', () => {
    const { Conditions, Parameters } = packages().prod.template;
    expect(Parameters).toMatchObject({ AlertEmail: { Default: '' }, CrawlerEnabled: { Default: 'false' } });
    expect(resource(packages().prod.template, 'AlertEmailSubscription').Condition).toBe('HasAlertEmail');
    expect(resource(packages().prod.template, 'Crawler').Condition).toBe('HasCrawler');
    expect(Object.keys(Conditions).sort()).toEqual([
      'DetectsAnomalies',
      'ExpectsFiles',
      'HasAlertEmail',
      'HasBudget',
      'HasChat',
      'HasCrawler',
      'HasDataKey',
      'HasPermissionsBoundary',
      'IsAudited',
    ]);
  });
}
