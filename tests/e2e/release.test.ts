import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ReleaseOutput } from '../../generated/types/outputs/release';
import { alertInbox } from './alerts';
import { json, Lakehouse, succeeded, until } from './lakehouse';
import { type Context, runJob, type Shell, type StepRun } from './pipeline';
import { csv, row } from './rows';
import { copyService } from './serviceCopy';

// the jobs of the workflows may take 90 minutes; a machine with other work needs ten for one of them
jest.setTimeout(1_200_000);

const cloud = new Lakehouse();
/** The service as it is checked out by a workflow; one of its releases is spoilt. */
const checkout = copyService();
let inbox: () => Promise<string[]>;

/** As GitHub's default shell; every stage is the one of this machine. */
const shell: Shell = (command, env) => {
  const variables = Object.entries({ ...env, STAGE: 'local', STAGES: 'local' });
  const exports = variables.map(([name, value]) => `export ${name}='${value}'`).join('; ');
  return cloud.run('bash', ['-e', '-c', `cd '${checkout.folder}'; ${exports}; ${command}`]);
};
const run = (workflow: string, job: string, context: Context) => runJob(workflow, job, context, shell);
const outcomes = (runs: readonly StepRun[]) => runs.map(({ run: command, outcome }) => [command, outcome]);

const releases = async (): Promise<ReleaseOutput> =>
  json(succeeded(await cloud.lakehouse('release', 'list', '--json'))) as ReleaseOutput;
const liveOf = (listed: ReleaseOutput) => listed.filter(({ live }) => live > 0).map(({ name }) => name);

/** Waits for what the workflows told the subscribers, in any order. */
async function toldAre(subjects: readonly string[]): Promise<void> {
  let told: string[] = [];
  await until(`told are ${subjects.join(', ')}`, async () => {
    const messages = (await inbox()).map((body) => JSON.parse(body) as { Subject?: string });
    told = messages.flatMap(({ Subject = '' }) => (Subject.startsWith('local ') ? [Subject] : []));
    return told.length >= subjects.length;
  });
  expect(told.sort()).toEqual([...subjects].sort());
}

beforeAll(async () => {
  await cloud.up();
  inbox = await alertInbox(cloud);
});
afterAll(async () => {
  await cloud.remove();
  checkout.remove();
});

const handler = path.join(checkout.folder, 'src/handlers/planBatch.ts');
const sound = readFileSync(handler, 'utf8');

describe('a bad release', () => {
  const bad = { 'github.sha': 'bad' };

  it('is deployed by the workflow and does not touch the batch that a good one has begun', async () => {
    const held = { service: 'lambda', operation: 'Invoke', target: 'planBatch', action: 'hold' } as const;
    cloud.putFault('plan', held);
    const loading = cloud.ingest(cloud.file('products/before.csv', csv('products', [row('products', 1)])));
    await until('the batch waits before its plan', () => cloud.faultsFired('plan') > 0);

    writeFileSync(handler, 'export const handler = () => { throw new TypeError("a bad release"); };\n');
    expect(outcomes(await run('deploy', 'package', bad))).toEqual([['npm run release:package', 'success']]);
    succeeded(await shell('npm run release:deploy', {}));
    expect(liveOf(await releases())).toEqual(['bad']);
    cloud.releaseFault('plan');

    const { files } = await loading;
    expect(files.map(({ state, rows }) => [state, rows?.inserted])).toEqual([['ARCHIVED', 1]]);
  });

  it('fails the smoke of the workflow, which goes back by itself and tells', async () => {
    const runs = await run('deploy', 'production', bad);
    expect(outcomes(runs)).toEqual([
      ['npm run release:deploy', 'success'],
      ['npx lakehouse smoke --stage "$STAGE"', 'failure'],
      ['npx lakehouse release rollback --stage "$STAGE"', 'success'],
      ['npx lakehouse release prune --stage "$STAGE"', 'skipped'],
      ['npx lakehouse notify "$STAGE runs $RELEASE" --stage "$STAGE"', 'skipped'],
      ['npx lakehouse notify "$STAGE FAILED at $RELEASE" --stage "$STAGE"', 'success'],
    ]);
    expect(runs[1]?.output).toContain('The release fails');
    expect(runs[1]?.output).toContain('a bad release');
    await toldAre(['local FAILED at bad']);
  });

  it('is never gone back to, and what is live survives a stop of the cloud', async () => {
    const listed = await releases();
    expect(listed.map(({ name, live, withdrawn }) => [name, live, withdrawn])).toEqual([
      ['bad', 0, true],
      ['unnamed', 100, false],
    ]);
    succeeded(await cloud.lakehouse('down'));
    expect(await releases()).toEqual(listed);
    const again = await cloud.lakehouse('release', 'rollback');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('No release before 1 (unnamed)')]);
  });
});

describe('the next release', () => {
  const good = { 'github.sha': 'good' };

  it('passes the smoke of staging, whose sample is in the tables then', async () => {
    writeFileSync(handler, sound);
    await run('deploy', 'package', good);
    expect(outcomes(await run('deploy', 'staging', good))).toEqual([
      ['npm run release:deploy', 'success'],
      ['npx lakehouse smoke --stage "$STAGE" --sample', 'success'],
      ['npx lakehouse notify "$STAGE runs $RELEASE" --stage "$STAGE"', 'success'],
      ['npx lakehouse notify "$STAGE FAILED at $RELEASE" --stage "$STAGE"', 'skipped'],
    ]);
    expect(liveOf(await releases())).toEqual(['good']);
    expect(await cloud.query('SELECT count(*) > 20 AS loaded FROM products')).toEqual([{ loaded: true }]);
  });

  it('is gone back from by the workflow that a person starts, past the bad one', async () => {
    const inputs = { 'inputs.stage': 'local', 'inputs.commit': '' };
    const runs = await run('rollback', 'alias', inputs);
    expect(outcomes(runs)).toEqual([
      ['npx lakehouse release rollback --stage "$STAGE"', 'success'],
      ['npx lakehouse smoke --stage "$STAGE"', 'success'],
      ['npx lakehouse notify "$STAGE went back a release" --stage "$STAGE"', 'success'],
    ]);
    expect(runs[1]?.output).toContain('release 1 (unnamed): the smoke passed');
    expect(liveOf(await releases())).toEqual(['unnamed']);
    expect(await run('rollback', 'package', inputs)).toEqual([]);
  });

  it('is live again when a person promotes it by name, and the one before by number', async () => {
    succeeded(await cloud.lakehouse('release', 'promote', 'good'));
    expect(liveOf(await releases())).toEqual(['good']);
    succeeded(await cloud.lakehouse('release', 'promote', '1'));
    expect(liveOf(await releases())).toEqual(['unnamed']);
  });

  it('is replaced by the package of a former commit, when that workflow is given one', async () => {
    const inputs = { 'inputs.stage': 'local', 'inputs.commit': 'former' };
    expect(outcomes(await run('rollback', 'package', inputs))).toEqual([
      ['npm run release:package', 'success'],
      ['npm run release:deploy', 'success'],
      ['npx lakehouse smoke --stage "$STAGE"', 'success'],
      ['npx lakehouse notify "$STAGE runs $RELEASE" --stage "$STAGE"', 'success'],
      ['npx lakehouse notify "$STAGE FAILED at $RELEASE" --stage "$STAGE"', 'skipped'],
    ]);
    expect(liveOf(await releases())).toEqual(['former']);
    await toldAre([
      ...['local FAILED at bad', 'local runs good'],
      ...['local went back a release', 'local runs former'],
    ]);
  });

  it('leaves nothing to the nightly comparison until somebody changes a resource beside its template', async () => {
    const watch = { 'matrix.stage': 'local' };
    const [comparing, telling] = [
      'npx lakehouse drift --stage "$STAGE"',
      'npx lakehouse notify "$STAGE is not as its template says" --stage "$STAGE"',
    ];
    expect(outcomes(await run('drift', 'drift', watch))).toEqual([
      [comparing, 'success'],
      [telling, 'skipped'],
    ]);
    const formation = new CloudFormationClient(cloud.client);
    const { StackResourceDetail } = await formation.send(
      new DescribeStackResourceCommand({ StackName: 'lakehouse-local', LogicalResourceId: 'ArrivalDlq' }),
    );
    await new SQSClient(cloud.client).send(
      new SetQueueAttributesCommand({
        QueueUrl: StackResourceDetail?.PhysicalResourceId,
        Attributes: { MessageRetentionPeriod: '60' },
      }),
    );
    const runs = await run('drift', 'drift', watch);
    expect(outcomes(runs)).toEqual([
      [comparing, 'failure'],
      [telling, 'success'],
    ]);
    expect(runs[0]?.output).toMatch(/ArrivalDlq.*MessageRetentionPeriod/);
  });

  it('keeps the newest and the live one when the others are deleted', async () => {
    succeeded(await cloud.lakehouse('release', 'prune', '--keep', '1'));
    expect((await releases()).map(({ name }) => name)).toEqual(['former']);
  });
});
