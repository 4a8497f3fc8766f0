import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ReleaseOutput } from '../../generated/types/outputs/release';
import { type SmokeOutput } from '../../generated/types/outputs/smoke';
import { json, Lakehouse, projectDir, succeeded, until } from './lakehouse';
import { csv, row } from './rows';

jest.setTimeout(600_000);

const cloud = new Lakehouse();
/** A copy of the service in which a release is spoilt; it finds the same cloud, by its folder. */
const copy = mkdtempSync(path.join(tmpdir(), 'lakehouse-release-'));
const LEFT_OUT = ['node_modules', '.tools', '.git', '.lakehouse', '.serverless', '.esbuild', 'tests'];

const deploy = (name: string) =>
  cloud.run('bash', ['-c', `cd '${copy}' && npx sls deploy --stage local --param release=${name}`]);
const releases = async (...command: string[]): Promise<ReleaseOutput> =>
  json(succeeded(await cloud.lakehouse('release', ...command, '--json'))) as ReleaseOutput;
const liveOf = (listed: ReleaseOutput) => listed.filter(({ live }) => live > 0).map(({ name }) => name);

beforeAll(async () => {
  cpSync(projectDir, copy, {
    recursive: true,
    filter: (source) => !LEFT_OUT.includes(path.relative(projectDir, source)),
  });
  symlinkSync(path.join(projectDir, 'node_modules'), path.join(copy, 'node_modules'));
  await cloud.up();
});
afterAll(async () => {
  await cloud.remove();
  rmSync(copy, { recursive: true });
});

describe('a bad release', () => {
  it('does not touch the batch that a good one has begun', async () => {
    const held = { service: 'lambda', operation: 'Invoke', target: 'planBatch', action: 'hold' } as const;
    cloud.putFault('plan', held);
    const loading = cloud.ingest(cloud.file('products/before.csv', csv('products', [row('products', 1)])));
    await until('the batch waits before its plan', () => cloud.faultsFired('plan') > 0);

    writeFileSync(
      path.join(copy, 'src/handlers/planBatch.ts'),
      'export const handler = () => { throw new TypeError("a bad release"); };\n',
    );
    succeeded(await deploy('bad'));
    expect(liveOf(await releases('list'))).toEqual(['bad']);
    cloud.releaseFault('plan');

    const { files } = await loading;
    expect(files.map(({ state, rows }) => [state, rows?.inserted])).toEqual([['ARCHIVED', 1]]);
  });

  it('fails its smoke', async () => {
    const { code, stdout, stderr } = await cloud.lakehouse('smoke', '--timeout', '3m');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('The release fails');
    expect(stderr).toContain('a bad release');
  });

  it('is gone back from in one call, also after the cloud was stopped', async () => {
    const listed = await releases('rollback');
    expect(listed.map(({ name, live, withdrawn }) => [name, live, withdrawn])).toEqual([
      ['bad', 0, true],
      ['unnamed', 100, false],
    ]);
    succeeded(await cloud.lakehouse('down'));
    expect(await releases('list')).toEqual(listed);
  });

  it('leaves a lakehouse that loads', async () => {
    const smoke = json(succeeded(await cloud.lakehouse('smoke', '--json', '--timeout', '4m'))) as SmokeOutput;
    expect(smoke).toMatchObject({ name: 'unnamed', passed: true });
    expect(smoke.checks.map(({ name, passed }) => [name, passed])).toEqual(
      ['finished', 'files', 'jobs', 'release', 'validation'].map((name) => [name, true]),
    );
    expect(await cloud.query('SELECT count(*) AS n FROM products')).toEqual([{ n: 1 }]);
  });
});
