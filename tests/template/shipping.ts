import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Package, PROJECT } from './packaging';

const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  scripts: Record<'release:package' | 'release:deploy', string>;
};

/** What a pipeline hands from the job that packages to those that deploy: two stages of one build, and the manifest. */
export function shippingTests(packages: () => Record<'staging' | 'prod', Package>): void {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lakehouse-shipping-'));
    symlinkSync(join(PROJECT, 'bin'), join(folder, 'bin'));
    // stands in for the framework: whoever calls it has passed the check
    writeFileSync(join(folder, 'sls'), '#!/bin/sh\necho "sls $*"\n');
    chmodSync(join(folder, 'sls'), 0o755);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function run(command: string, stage: string) {
    const env = { ...process.env, STAGE: stage, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    return spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env });
  }

  /** Packages anew, lets somebody change files, and deploys. */
  function shipped(change: (release: string) => void) {
    const release = join(folder, 'release');
    rmSync(release, { recursive: true, force: true });
    for (const stage of ['staging', 'prod'] as const)
      cpSync(packages()[stage].folder, join(release, stage), { recursive: true });
    const named = run(scripts['release:package'].split(' && ').at(-1) ?? '', 'staging');
    expect([named.status, named.stderr]).toEqual([0, expect.stringContaining('release ')]);
    change(release);
    const { status, stdout, stderr } = run(scripts['release:deploy'], 'prod');
    return { status, stdout, stderr };
  }

  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(from);
    writeFileSync(file, text.replaceAll(from, to));
  };
  const append = (file: string): void => {
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('\n')]));
  };
  const assetOf = (stage: string): string => {
    const [asset] = readdirSync(stage, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('load_dataset.py.asset'),
    );
    return join(stage, asset ?? '');
  };
  const state = (release: string, stage: string): string => join(release, stage, 'serverless-state.json');

  it('deploys what was packaged, as it was packaged', () => {
    expect(shipped(() => undefined)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^sls deploy --stage prod --package release\/prod$/m),
    });
  });

  it.each<[string, (release: string) => void, string]>([
    [
      'a bundle of prod',
      (release) => {
        append(join(release, 'prod', 'planBatch.zip'));
      },
      'planBatch.zip is not the same',
    ],
    [
      'a bundle of both stages alike',
      (release) => {
        for (const stage of ['staging', 'prod']) append(join(release, stage, 'planBatch.zip'));
      },
      'not what release/manifest.json names',
    ],
    [
      'the script of the jobs',
      (release) => {
        append(assetOf(join(release, 'prod')));
      },
      'load_dataset.py is not the same',
    ],
    [
      'a state of the definition',
      (release) => {
        edit(state(release, 'prod'), 'JSONata', 'JSONPath');
      },
      'the templates differ at /Resources/IngestStateMachine',
    ],
    [
      'what a role may do',
      (release) => {
        edit(state(release, 'prod'), '"s3:PutObject"', '"s3:*"');
      },
      'the templates differ at /Resources/',
    ],
    [
      'what a role may do, of both stages alike',
      (release) => {
        for (const stage of ['staging', 'prod']) edit(state(release, stage), '"s3:PutObject"', '"s3:*"');
      },
      'not what release/manifest.json names',
    ],
    [
      'a parameter of prod',
      (release) => {
        edit(state(release, 'prod'), '"COMPLIANCE"', '"GOVERNANCE"');
      },
      'not what release/manifest.json names',
    ],
  ])('does not deploy when somebody changed %s in between, and says what', (_, change, sentence) => {
    const { status, stdout, stderr } = shipped(change);
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining(sentence)]);
  });
}
