import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECT } from '../../../local/setup/toolchain';

const BOOTSTRAP = join(PROJECT, 'local', 'setup', 'bootstrap.mjs');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(source: string): string {
  const file = join(folder, 'program.ts');
  writeFileSync(file, source);
  return file;
}

async function firstOutput(child: ChildProcess): Promise<string> {
  const chunks: unknown[] = await once(child.stdout!, 'data');
  return String(chunks[0]);
}

describe('bootstrap', () => {
  it('hands arguments, status and the project’s own Node to a TypeScript program', () => {
    const file = program(`
      const told: { args: string[]; major: string } = { args: process.argv.slice(2), major: process.versions.node.split('.')[0]! };
      console.log(JSON.stringify(told));
      process.exitCode = 3;`);
    const end = spawnSync(process.execPath, [BOOTSTRAP, file, '--json', 'a b'], { encoding: 'utf8' });
    expect(end.status).toBe(3);
    expect(JSON.parse(end.stdout)).toEqual({ args: ['--json', 'a b'], major: '24' });
  });

  it('passes a signal on and ends as the program did', async () => {
    const file = program(`
      process.on('SIGTERM', () => process.exit(7));
      setInterval(() => undefined, 1_000);
      console.log('ready');`);
    const child = spawn(process.execPath, [BOOTSTRAP, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await firstOutput(child)).toBe('ready\n');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('dies by the signal that the program died by', async () => {
    const file = program(`setInterval(() => undefined, 1_000); console.log('ready');`);
    const child = spawn(process.execPath, [BOOTSTRAP, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await firstOutput(child);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });

  it('says how it is used', () => {
    const end = spawnSync(process.execPath, [BOOTSTRAP], { encoding: 'utf8' });
    expect(end.status).toBe(1);
    expect(end.stderr).toContain('bootstrap.mjs PROGRAM.ts');
  });
});
