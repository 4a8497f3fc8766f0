import { expect, it } from '@jest/globals';
import { at, ofType, type Package, resource } from './packaging';

interface Rule {
  AbortIncompleteMultipartUpload?: unknown;
}
interface Statement {
  Effect: string;
  Principal: unknown;
  Action: unknown;
  Condition?: { Bool?: Record<string, unknown> };
}
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
