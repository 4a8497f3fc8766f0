import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BUCKETS, GLUE_VERSION } from '../../../src/cli/commands/doctor';
import { type Account, examineAccount } from '../../../src/doctor/account';
import { type Finding } from '../../../src/doctor/finding';
import { examineMachine, type Machine } from '../../../src/doctor/machine';

const RESOURCES = path.resolve(__dirname, '../../../resources');
const read = (file: string): string => readFileSync(path.join(RESOURCES, file), 'utf8');

const machine: Machine = {
  ...{ nodeVersion: '24.21.0', platform: 'linux', installed: false, memory: 16e9 },
  python: () => Promise.resolve('3.11.7'),
  java: () => Promise.resolve(undefined),
  freeDisk: () => Promise.resolve(10e9),
  listen: () => Promise.resolve(),
};
const wrong = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ ok, name, mend = '' }) => (ok ? [] : [`${name}: ${mend}`]));

describe('a laptop', () => {
  it('is fine without a Java: the set-up brings one', async () => {
    expect(wrong(await examineMachine(machine))).toEqual([]);
  });

  it.each<[string, Partial<Machine>, string]>([
    ['an old Node', { nodeVersion: '18.20.0' }, 'node: install Node 20 or newer'],
    ['Windows', { platform: 'win32' }, 'system: use Linux, macOS'],
    ['no Python', { python: () => Promise.reject(new Error('none')) }, 'python: install Python 3.10'],
    ['a full disk', { freeDisk: () => Promise.resolve(2e9) }, 'disk: make 3.0 GB free'],
    ['little memory', { memory: 2e9 }, 'memory: Spark needs'],
    ['no port', { listen: () => Promise.reject(new Error('EPERM')) }, 'port: allow programs'],
  ])('with %s is told how to mend it, and only that', async (_, more, sentence) => {
    const found = wrong(await examineMachine({ ...machine, ...more }));
    expect(found).toEqual([expect.stringContaining(sentence)]);
  });

  it('needs less disk once everything is installed', async () => {
    const small = { ...machine, installed: true, freeDisk: () => Promise.resolve(2e9) };
    expect(wrong(await examineMachine(small))).toEqual([]);
  });
});

describe('an account', () => {
  const deployment = {
    stage: 'staging',
    buckets: BUCKETS,
    job: 'lakehouse-staging-products',
    glueVersion: '5.1',
  };
  const account: Account = {
    region: () => Promise.resolve('eu-west-1'),
    identity: () => Promise.resolve({ account: '123', arn: 'arn:aws:iam::123:role/me' }),
    bucket: () => Promise.resolve('free'),
    lambdaLimits: () => Promise.resolve({ concurrency: 1000, freeCodeBytes: 70e9 }),
    glueVersion: () => Promise.resolve(undefined),
  };
  const examined = async (more: Partial<Account>): Promise<string[]> =>
    wrong(await examineAccount({ ...account, ...more }, deployment));

  it('is fine when names are free or ours and limits are far', async () => {
    expect(await examined({})).toEqual([]);
    expect(
      await examined({ bucket: () => Promise.resolve('ours'), glueVersion: () => Promise.resolve('5.1') }),
    ).toEqual([]);
  });

  it('without credentials is told to log in, and nothing else is asked', async () => {
    const expired = { identity: () => Promise.reject(new Error('expired')) };
    expect(await examined(expired)).toEqual([expect.stringContaining('credentials: log in')]);
  });

  it.each<[string, Partial<Account>, string]>([
    [
      'few concurrent calls',
      { lambdaLimits: () => Promise.resolve({ concurrency: 10, freeCodeBytes: 70e9 }) },
      'Service Quotas',
    ],
    [
      'no place for code',
      { lambdaLimits: () => Promise.resolve({ concurrency: 1000, freeCodeBytes: 1e6 }) },
      'release prune',
    ],
    ['jobs of another Glue', { glueVersion: () => Promise.resolve('4.0') }, 'made for Glue 5.1'],
    [
      'a call that is not allowed',
      { lambdaLimits: () => Promise.reject(new Error('AccessDenied')) },
      'lambda:GetAccountSettings',
    ],
    [
      'a bucket of somebody else',
      { bucket: (name) => Promise.resolve(name === 'lakehouse-dwh-staging-123' ? 'taken' : 'free') },
      'bucket lakehouse-dwh-staging-123: choose another stage name',
    ],
  ])('with %s is told how to mend it, and only that', async (_, more, sentence) => {
    expect(await examined(more)).toEqual([expect.stringContaining(sentence)]);
  });

  it('is asked for the names and the Glue version of the stack', () => {
    const named = ['storage.yml', 'audit.yml'].flatMap((file) =>
      [...read(file).matchAll(/BucketName: \{ Fn::Sub: '\$\{self:service\}-([a-z-]+)-\$\{sls:stage\}/g)].map(
        ([, kind]) => `lakehouse-${kind ?? ''}`,
      ),
    );
    expect([...BUCKETS].sort()).toEqual(named.sort());
    expect(read('jobs.yml')).toContain(`GlueVersion: &version '${GLUE_VERSION}'`);
  });
});
