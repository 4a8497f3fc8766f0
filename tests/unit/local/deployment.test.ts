import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeployed, sourcesOf } from '../../../local/deployment';
import { deployLocally } from '../../../src/cli/deployLocally';

let project: string;
let home: string;
/** When the stack was changed; each deploy is a second later. */
let deployedAt: number | undefined;
let deploys: number;

function write(name: string, content: string): void {
  mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
  writeFileSync(path.join(project, name), content);
}

const up = (run = () => changeStack()): Promise<boolean> =>
  deployLocally(
    { project, home, stage: 'local', signal: new AbortController().signal, terminal },
    () => Promise.resolve(deployedAt === undefined ? undefined : new Date(deployedAt).toISOString()),
    run,
  );
const terminal = {
  progress: () => undefined,
  note: () => undefined,
  write: () => Promise.resolve(),
};

function changeStack(): Promise<void> {
  deploys += 1;
  deployedAt = (deployedAt ?? 0) + 1000;
  return Promise.resolve();
}

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'deployment-'));
  home = path.join(project, '.lakehouse');
  mkdirSync(home);
  deployedAt = undefined;
  deploys = 0;
  write('src/handler.ts', 'one');
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

describe('an unchanged stage of this machine', () => {
  it('is deployed once', async () => {
    expect([await up(), await up(), await up()]).toEqual([true, false, false]);
    expect(deploys).toBe(1);
  });

  it.each(['tests/a.test.ts', 'docs/a.md', 'node_modules/a/index.js', 'glue/__pycache__/a.pyc'])(
    'stays unchanged when %s is written',
    async (name) => {
      await up();
      write(name, 'new');
      expect(await up()).toBe(false);
    },
  );
});

describe('a stage is deployed again', () => {
  it.each(['src/handler.ts', 'src/docs/new.ts', 'serverless.yml', 'package-lock.json', 'glue/job.py'])(
    'when %s changes',
    async (name) => {
      await up();
      write(name, 'two');
      expect(await up()).toBe(true);
    },
  );

  it('when a file goes, or its content moves to another', async () => {
    await up();
    rmSync(path.join(project, 'src/handler.ts'));
    expect(await up()).toBe(true);
    write('src/other.ts', 'one');
    expect(await up()).toBe(true);
  });

  it('when somebody else has changed its stack since', async () => {
    await up();
    await changeStack();
    expect(await up()).toBe(true);
  });

  it('when its stack is gone', async () => {
    await up();
    deployedAt = undefined;
    expect(await up()).toBe(true);
  });

  it('when the last deploy failed', async () => {
    await up();
    write('src/handler.ts', 'two');
    await expect(up(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
    expect(await up()).toBe(true);
  });

  it('when the record of the last one is no record', async () => {
    await up();
    const at = new Date(deployedAt ?? 0).toISOString();
    expect(isDeployed(home, { sources: sourcesOf(project), at })).toBe(true);
    writeFileSync(path.join(home, 'deployment.json'), '{"sources": 1}');
    expect(await up()).toBe(true);
  });
});
