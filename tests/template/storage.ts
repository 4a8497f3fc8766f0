import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { UNKNOWN_DATASET } from '../../src/arrival/versions';
import { datasetNames } from '../../src/contract/contracts';
import { zones } from '../../src/metrics/measureStorage';
import { at, ofType, type Package, PROJECT, resource } from './packaging';

interface Rule {
  AbortIncompleteMultipartUpload?: unknown;
  Prefix?: string;
  ExpirationInDays?: number;
}
interface Statement {
  Effect: string;
  Principal: unknown;
  Action: unknown;
  Condition?: { Bool?: Record<string, unknown> };
}
const { params } = parse(readFileSync(join(PROJECT, 'serverless.yml'), 'utf8')) as {
  params: { default: Record<string, unknown> };
};
const OURS = ['LandingBucket', 'WarehouseBucket', 'ArtefactsBucket'];
const ALL = [...OURS, 'AuditBucket', 'AccessLogsBucket', 'ServerlessDeploymentBucket'].sort();
const CLOSED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

export function storageTests(staging: () => Package): void {
  const template = () => staging().template;

  it('encrypts every bucket and closes it to the public, the deployment bucket too', () => {
    const buckets = ofType(template(), 'AWS::S3::Bucket');
    expect(buckets.map(([id]) => id).sort()).toEqual(ALL);
    for (const [, { Properties }] of buckets) {
      expect(Properties['BucketEncryption']).toBeDefined();
      expect(Properties['PublicAccessBlockConfiguration']).toEqual(CLOSED);
    }
  });

  it('refuses plain text access to every bucket', () => {
    const refused = ofType(template(), 'AWS::S3::BucketPolicy')
      .filter(([id]) =>
        (at(template(), id, 'PolicyDocument', 'Statement') as Statement[]).some(
          ({ Effect, Principal, Action, Condition }) =>
            Effect === 'Deny' &&
            Principal === '*' &&
            Action === 's3:*' &&
            String(Condition?.Bool?.['aws:SecureTransport']) === 'false',
        ),
      )
      .map(([id]) => at(template(), id, 'Bucket', 'Ref') as string);
    expect(refused.sort()).toEqual(ALL);
  });

  it('keeps versions and ends uploads that nobody finished', () => {
    for (const id of OURS) {
      const { Properties } = resource(template(), id);
      expect(Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
      const rules = at(template(), id, 'LifecycleConfiguration', 'Rules') as Rule[];
      expect(rules.filter((rule) => rule.AbortIncompleteMultipartUpload)).toHaveLength(1);
    }
  });

  it('expires each zone after the days of its parameter, files of each dataset apart, and nothing else', () => {
    const buckets: Record<string, string> = {
      ...{ landing: 'LandingBucket', warehouse: 'WarehouseBucket', artefacts: 'ArtefactsBucket' },
    };
    const { default: values } = params;
    const expected = Object.values(zones).flatMap(({ bucket, prefix, days, byDataset }) => {
      if (days === undefined) return [];
      const folders =
        byDataset === true ? [...datasetNames, UNKNOWN_DATASET].map((name) => `${name}/`) : [''];
      return folders.map((folder) => `${buckets[bucket]} ${prefix}${folder} ${String(values[days])}`);
    });
    const found = OURS.flatMap((id) =>
      (at(template(), id, 'LifecycleConfiguration', 'Rules') as Rule[])
        .filter(({ ExpirationInDays }) => ExpirationInDays !== undefined)
        .map(({ Prefix, ExpirationInDays }) => `${id} ${Prefix} ${ExpirationInDays}`),
    );
    expect(found.sort()).toEqual(expected.sort());
  });

  it('announces to EventBridge what lands and, for whoever follows the lineage, what is written of batches', () => {
    const announcing = ofType(template(), 'AWS::S3::Bucket')
      .filter(([, { Properties }]) => Properties['NotificationConfiguration'])
      .map(([id]) => id);
    expect(announcing.sort()).toEqual(['ArtefactsBucket', 'LandingBucket']);
    for (const id of announcing)
      expect(at(template(), id, 'NotificationConfiguration')).toEqual({
        EventBridgeConfiguration: { EventBridgeEnabled: true },
      });
  });

  it('gives the ledger recovery to any second, encryption and an index for displays', () => {
    const { Properties } = resource(template(), 'Ledger');
    expect(Properties['PointInTimeRecoverySpecification']).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(Properties['SSESpecification']).toMatchObject({ SSEEnabled: true });
    expect(Properties['KeySchema']).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(at(template(), 'Ledger', 'GlobalSecondaryIndexes', 0, 'IndexName')).toBe('byState');
  });

  it('makes Athena use our settings: a scan limit and encrypted results in the artefacts bucket', () => {
    const setting = (name: string) => at(template(), 'WorkGroup', 'WorkGroupConfiguration', name);
    expect(setting('EnforceWorkGroupConfiguration')).toBe(true);
    expect(setting('BytesScannedCutoffPerQuery')).toBeGreaterThanOrEqual(10_000_000);
    expect(setting('ResultConfiguration')).toEqual({
      OutputLocation: { 'Fn::Sub': 's3://${ArtefactsBucket}/query-results/' },
      EncryptionConfiguration: {
        'Fn::If': [
          'HasDataKey',
          { EncryptionOption: 'SSE_KMS', KmsKey: { 'Fn::GetAtt': ['DataKey', 'Arn'] } },
          { EncryptionOption: 'SSE_S3' },
        ],
      },
    });
  });
}
