import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { comparable, differingPaths, isParameter } from '../../src/release/compareStages';
import { differencesOf, manifestOf } from '../../src/release/manifest';
import { readPackaged } from '../../src/cli/release/packaged';
import { type Package, resource } from './packaging';

export function stageTests(packages: () => Record<'staging' | 'prod' | 'local' | 'branch', Package>): void {
  it.each(['prod', 'local', 'branch'] as const)(
    '%s is the same stack as staging but for parameters',
    (stage) => {
      const expected = comparable(packages().staging.template, 'staging');
      const actual = comparable(packages()[stage].template, stage);
      expect(actual.size).toBeGreaterThan(1000);
      const differing = differingPaths(expected, actual);
      expect(differing.filter((path) => !isParameter(path))).toEqual([]);
      expect(differing).not.toEqual([]);
    },
  );

  it('is one release at every stage: the same bundles, job code and definition by their digests', async () => {
    const folders = Object.values(packages()).map(({ folder }) => folder);
    const [staging, ...others] = await Promise.all(folders.map(readPackaged));
    const { bundles, jobs, digest } = manifestOf(staging!);
    expect(Object.keys(bundles)).toHaveLength(11);
    expect(Object.keys(jobs).sort()).toEqual(['lakehouse.zip', 'load_dataset.py']);
    for (const other of others) {
      expect(differencesOf(staging!, other)).toEqual([]);
      expect(manifestOf(other).digest).toBe(digest);
    }
  });

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

  it.each(['staging', 'prod', 'local', 'branch'] as const)(
    '%s: the stack, and with it everything in it, is tagged with where it belongs and who answers for it',
    (stage) => {
      const file = join(packages()[stage].folder, 'serverless-state.json');
      const state = JSON.parse(readFileSync(file, 'utf8')) as {
        service: { provider: { stackTags: Record<string, string> } };
      };
      expect(state.service.provider.stackTags).toEqual({
        ...{ project: 'lakehouse', owner: 'unassigned' },
        ...{ stage, stack: `lakehouse-${stage}` },
      });
    },
  );

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
      'LiveAliasArn',
      'WorkGroup',
      'CatalogDatabase',
      'AlertsTopicArn',
      'DetectArrivalFunction',
      'ArrivalQueueUrl',
      'ArrivalDlqUrl',
      'JobNamePrefix',
      'UndoDays',
      'MaintenanceMinFiles',
    ];
    expect(Object.keys(packages().local.template.Outputs)).toEqual(expect.arrayContaining(names));
  });

  it('tells by what maintenance is decided, as the function that decides it has it', () => {
    const { template } = packages().prod;
    const { Environment } = resource(template, 'PlanBatchLambdaFunction').Properties as {
      Environment: { Variables: Record<string, unknown> };
    };
    const told = (output: string): string => String(template.Outputs[output]?.Value);
    expect(told('UndoDays')).toBe(String(Environment.Variables['UNDO_DAYS']));
    expect(told('MaintenanceMinFiles')).toBe(String(Environment.Variables['MAINTENANCE_MIN_FILES']));
  });

  it('tags data in Lake Formation only when asked, with a tag of the stage’s own', () => {
    for (const stage of ['prod', 'local'] as const) {
      const { template } = packages()[stage];
      expect(template.Parameters).toMatchObject({ LakeFormationTags: { Default: 'false' } });
      const tags = Object.values(template.Resources).filter(({ Type }) =>
        Type.startsWith('AWS::LakeFormation::'),
      );
      expect(tags.length).toBeGreaterThan(7);
      for (const { Condition } of tags) expect(Condition).toBe('TagsData');
      expect(resource(template, 'ClassificationTag').Properties['TagKey']).toBe(
        `lakehouse-${stage}-classification`,
      );
    }
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
      'MaintainsTables',
      'ShiftsGradually',
      'TagsData',
    ]);
  });
}
