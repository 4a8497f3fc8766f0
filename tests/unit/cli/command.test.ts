import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clientSettings } from '../../../src/cli/aws/clients';
import { runQuietly } from '../../../src/cli/deploy';
import { milliseconds } from '../../../src/cli/duration';
import { CommandFailed, ExitCode, explain, Interrupted, UsageError } from '../../../src/cli/errors';
import { readStack } from '../../../src/cli/stack';
import { stopStage } from '../../../src/cli/stop';
import { sampleParameters } from '../../../src/sample/command';
import { FakeTerminal, folderOf, never } from './fakes';

const project = resolve(__dirname, '../../..');

describe('the command line', () => {
  const lakehouse = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(project, 'bin/lakehouse.cjs'), ...args], { encoding: 'utf8' });

  it.each([
    [['frob'], "unknown command 'frob'"],
    [['ingest'], "missing required argument 'paths'"],
    [['replay'], 'Say which files in one way'],
    [['replay', '--failed', '--batch', '1'], 'Say which files in one way'],
    [['rejects', 'nope'], 'There is no dataset nope: it is one of'],
    [['status', 'nope'], 'There is no table nope: it is one of'],
    [['diff', 'nope', '--from', '1'], 'There is no table nope: it is one of'],
    [['diff', 'orders'], "required option '--from <moment>' not specified"],
    [['diff', 'orders', '--from', 'yesterday'], '--from yesterday is neither a version nor a moment'],
    [['diff', 'orders', '--from', '1', '--limit', 'all'], '--limit all is no number of rows'],
    [['cost', '--files', '31,many'], '--files many is no whole number above 0'],
    [['ingest', '/does/not/exist', '--json'], 'give a folder or files that exist'],
    [['down', '--stage', 'prod'], 'npx sls remove --stage prod'],
  ])('ends %j with 2, says what is wrong on stderr and nothing on stdout', (args, message) => {
    const { status, stdout, stderr } = lakehouse(...args);
    expect([status, stdout]).toEqual([ExitCode.usage, '']);
    expect(stderr).toContain(message);
  });

  it('writes a sample into a new folder only', () => {
    const { path, remove } = folderOf({});
    const args = ['sample', path, '--products', '3', '--orders', '5', '--days', '1', '--defects', '0'];
    try {
      expect(lakehouse(...args)).toMatchObject({ status: ExitCode.ok, stdout: '' });
      expect(lakehouse(...args)).toMatchObject({ status: ExitCode.usage });
    } finally {
      remove();
    }
  });
});

describe('the stack of a stage', () => {
  const outputs = Object.fromEntries(
    'LandingBucket WarehouseBucket ArtefactsBucket LedgerTable StateMachineArn LiveAliasArn WorkGroup CatalogDatabase AlertsTopicArn DetectArrivalFunction ArrivalQueueUrl ArrivalDlqUrl ArrivalRuleDlqUrl JobNamePrefix UndoDays MaintenanceMinFiles'
      .split(' ')
      .map((name) => [name, `the ${name}`]),
  );

  it('is found by its outputs', async () => {
    const asked: string[] = [];
    const read = (name: string): Promise<typeof outputs> => {
      asked.push(name);
      return Promise.resolve(outputs);
    };
    expect(await readStack('staging', read)).toEqual(outputs);
    expect(asked).toEqual(['lakehouse-staging']);
  });

  it('says how to deploy when it is missing or lacks an output', async () => {
    await expect(readStack('staging', () => Promise.resolve(undefined))).rejects.toThrow(
      'There is no stack lakehouse-staging; deploy it with: npx lakehouse up --stage staging',
    );
    const { WorkGroup, ...rest } = outputs;
    expect(WorkGroup).toBeDefined();
    await expect(readStack('staging', () => Promise.resolve(rest))).rejects.toThrow(
      'has no output WorkGroup',
    );
  });
});

describe('stopping a stage', () => {
  it('stops the local one and refuses any other', async () => {
    let stopped = 0;
    const local = { stage: 'local', stop: () => Promise.resolve(++stopped > 0) };
    await stopStage('local', local, new FakeTerminal());
    await expect(stopStage('staging', local, new FakeTerminal())).rejects.toThrow(UsageError);
    expect(stopped).toBe(1);
  });
});

describe('a program run on behalf of a command', () => {
  const node = (script: string, signal: AbortSignal, terminal: FakeTerminal): Promise<void> =>
    runQuietly(process.execPath, ['-e', script, 'deploy'], project, signal, terminal);

  it('shows its lines as progress and nothing on stdout', async () => {
    const terminal = new FakeTerminal();
    await node('console.log("one\\n\\ntwo")', never, terminal);
    expect([terminal.progressed, terminal.stdout]).toEqual([['one', 'two'], '']);
  });

  it('fails with what it said', async () => {
    const failing = node('console.error("no such bucket"); process.exit(3)', never, new FakeTerminal());
    await expect(failing).rejects.toThrow(/failed:\nno such bucket/u);
  });

  it('ends with the interruption', async () => {
    const interruption = new AbortController();
    const terminal = new FakeTerminal();
    terminal.progress = () => {
      interruption.abort(new Error('interrupted'));
    };
    const endless = node('console.log("up"); setInterval(() => {}, 1000)', interruption.signal, terminal);
    await expect(endless).rejects.toThrow('interrupted');
  });
});

describe('small things that a person types or reads', () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
  ])('the duration %s is %d ms', (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
  });

  it.each(['', 'soon', '-1', '5 m', '5d'])('the duration "%s" is a usage error', (text) => {
    expect(() => milliseconds(text)).toThrow(UsageError);
  });

  it.each([{ orders: '1.5' }, { products: '0' }, { days: 'x' }, { defects: '2' }, { defects: 'some' }])(
    'the sample options %j are a usage error',
    (options) => {
      expect(() => sampleParameters(options)).toThrow(UsageError);
    },
  );

  it('errors are told with what to do, and end with the right status', () => {
    const expired = Object.assign(new Error('token expired'), { name: 'ExpiredTokenException' });
    expect(explain(expired)).toMatchObject({ exitCode: 1 });
    expect(explain(expired).message).toContain('AWS credentials');
    expect(explain(new UsageError('wrong'))).toEqual({ exitCode: 2, message: 'wrong' });
    expect(explain(new CommandFailed('no', { cause: new Error('why') })).message).toBe('no (why)');
    expect(explain(new Interrupted()).exitCode).toBe(ExitCode.interrupted);
  });

  it("the region is the environment's, else the profile's, else the one of serverless.yml", () => {
    expect(clientSettings({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'p' })).toEqual({ region: 'eu-west-1' });
    expect(clientSettings({ AWS_PROFILE: 'p' })).toEqual({});
    expect(clientSettings({})).toEqual({ region: 'us-east-1' });
  });
});
