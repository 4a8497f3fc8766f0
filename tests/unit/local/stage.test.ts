import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { needsLocalCloud, prepareFor, type Osls } from '../../../local/sls-plugin/plugin';
import { localEnvironment, prepareStage } from '../../../local/stage';

const ENDPOINT = 'http://127.0.0.1:4321';

function osls(stage: string, commands: string[], isHelpRequest = false): Osls {
  return { processedInput: { commands, isHelpRequest }, getProvider: () => ({ getStage: () => stage }) };
}

describe('the environment of the stage local', () => {
  it('keeps nothing of the caller’s that could lead to AWS or to another instance', () => {
    const env = localEnvironment(
      {
        PATH: '/bin',
        AWS_PROFILE: 'prod',
        AWS_SESSION_TOKEN: 'real',
        AWS_ENDPOINT_URL_S3: 'https://s3.example.com',
        AWS_LOCAL_PROFILE: 'prod',
        HTTPS_PROXY: 'http://proxy.example.com',
      },
      ENDPOINT,
    );
    expect(env).toMatchObject({ PATH: '/bin', AWS_ENDPOINT_URL: ENDPOINT, AWS_ACCESS_KEY_ID: 'test' });
    expect(JSON.stringify(env)).not.toMatch(/prod|real|example/);
  });

  it('is the same whatever AWS variables the caller has', () => {
    const name = fc.stringMatching(/^AWS_[A-Z_]{1,20}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (aws) => {
        expect(localEnvironment({ HOME: '/h', ...aws }, ENDPOINT)).toEqual(
          localEnvironment({ HOME: '/h' }, ENDPOINT),
        );
      }),
    );
  });
});

describe('any other stage', () => {
  it.each(['staging', 'prod', 'dev', 'Local', ''])('(%s) leaves the environment alone', async (stage) => {
    const before = { ...process.env };
    await prepareStage(stage);
    expect(process.env).toEqual(before);
  });
});

describe('the sls plugin', () => {
  it.each([
    ['deploy'],
    ['deploy', 'function'],
    ['remove'],
    ['invoke'],
    ['invoke', 'stepf'],
    ['logs'],
    ['info'],
    ['rollback'],
  ])('brings the local cloud up for sls %s %s', (...commands) => {
    expect(needsLocalCloud('local', { commands })).toBe(true);
  });

  it.each([['package'], ['print'], ['help'], ['plugin', 'install'], []])(
    'needs nothing for sls %s',
    (...commands) => {
      expect(needsLocalCloud('local', { commands })).toBe(false);
    },
  );

  it('needs nothing to show help', () => {
    expect(needsLocalCloud('local', { commands: ['deploy'], isHelpRequest: true })).toBe(false);
  });

  it('prepares the stage that osls settled on, once, and no stage but local', async () => {
    const prepared: string[] = [];
    const prepare = (stage: string): Promise<void> => {
      prepared.push(stage);
      return Promise.resolve();
    };
    await prepareFor(osls('local', ['deploy']), prepare);
    await prepareFor(osls('prod', ['deploy']), prepare);
    await prepareFor(osls('local', ['package']), prepare);
    expect(prepared).toEqual(['local']);
  });
});
