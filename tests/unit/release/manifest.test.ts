import { describe, expect, it } from '@jest/globals';
import { differencesOf, manifestOf, type Packaged } from '../../../src/release/manifest';

interface Spec {
  readonly state?: object;
  readonly action?: string;
  readonly bundle?: string;
  readonly script?: string;
}

function packaged(
  stage: string,
  { state = {}, action = 's3:GetObject', bundle = 'b', script = 's' }: Spec = {},
): Packaged {
  const definition = JSON.stringify({
    StartAt: 'Load',
    States: {
      Load: {
        Arguments: { JobName: `lakehouse-${stage}-orders` },
        Retry: [{ IntervalSeconds: stage.length }],
        ...state,
      },
    },
  });
  return {
    stage,
    template: {
      Resources: {
        IngestStateMachine: {
          Properties: { DefinitionString: { 'Fn::Sub': [definition, { a: { Ref: 'X' } }] } },
        },
        Role: { Properties: { Action: action, Name: `lakehouse-${stage}-role` } },
      },
    },
    bundles: new Map([['planBatch.zip', Buffer.from(bundle)]]),
    jobs: new Map([['load_dataset.py', Buffer.from(script)]]),
    files: new Map([['planBatch.zip', Buffer.from(bundle)]]),
  };
}

const staging = packaged('staging');

describe('the manifest of a release', () => {
  it('is the same for two stages that differ by parameters and name alone', () => {
    expect(differencesOf(staging, packaged('prod'))).toEqual([]);
    const { packages, ...content } = manifestOf(staging);
    expect(manifestOf(packaged('prod'))).toMatchObject(content);
    expect(Object.keys(packages)).toEqual(['staging']);
  });

  it('names the package of each stage by all of its files', () => {
    const { packages } = manifestOf(staging, packaged('prod'));
    expect(Object.keys(packages)).toEqual(['prod', 'staging']);
    const files = new Map([...staging.files, ['serverless-state.json', Buffer.from('{}')]]);
    expect(manifestOf({ ...staging, files }, packaged('prod')).packages).toEqual({
      prod: packages['prod'],
      staging: expect.not.stringMatching(packages['staging'] ?? ''),
    });
  });

  it.each<[string, Spec, string]>([
    ['a bundle', { bundle: 'other' }, 'planBatch.zip is not the same in staging and prod'],
    ['the script of the jobs', { script: 'other' }, 'load_dataset.py is not the same'],
    [
      'the definition',
      { state: { Comment: 'other' } },
      'the templates differ at /Resources/IngestStateMachine',
    ],
  ])('tells of another %s', (_, spec, sentence) => {
    const prod = packaged('prod', spec);
    expect(manifestOf(prod).digest).not.toBe(manifestOf(staging).digest);
    expect(differencesOf(staging, prod).join()).toContain(sentence);
  });

  it('tells of a resource that one stage has otherwise, though it is not part of the digest', () => {
    const prod = packaged('prod', { action: 's3:*' });
    expect(differencesOf(staging, prod)).toEqual([
      'the templates differ at /Resources/Role/Properties/Action, which no stage parameter sets',
    ]);
  });
});
