import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isInstalled, stampOf, type Venv } from '../../../local/setup/venv';

let folder: string;
let venv: Venv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'venv-test-'));
  venv = {
    folder: join(folder, 'venv'),
    lock: join(folder, 'requirements.txt'),
    devLock: join(folder, 'requirements-dev.txt'),
    purpose: 'of a test',
  };
  writeFileSync(venv.lock, 'a==1\n');
  writeFileSync(join(folder, 'requirements-dev.txt'), 'a==1\nb==1\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function build(python = process.execPath): void {
  mkdirSync(join(venv.folder, 'bin'), { recursive: true });
  symlinkSync(python, join(venv.folder, 'bin', 'python'));
}

function stamp(lock: string): void {
  writeFileSync(join(venv.folder, 'installed.sha256'), `${stampOf(venv, lock)}\n`);
}

describe('an environment counts as installed', () => {
  it('only when its stamp was written, which an interrupted build does not get to', () => {
    build();
    expect(isInstalled(venv, false)).toBe(false);
    stamp(venv.lock);
    expect(isInstalled(venv, false)).toBe(true);
  });

  it('for daily use also with the developer’s tools, for development only with them', () => {
    build();
    stamp(venv.lock);
    expect(isInstalled(venv, true)).toBe(false);
    stamp(venv.devLock!);
    expect([isInstalled(venv, true), isInstalled(venv, false)]).toEqual([true, true]);
  });

  it('no longer when its lock has changed', () => {
    build();
    stamp(venv.lock);
    writeFileSync(venv.lock, 'a==2\n');
    expect(isInstalled(venv, false)).toBe(false);
  });

  it('no longer when the project was moved, because its scripts name the old place', () => {
    build();
    stamp(venv.lock);
    const moved = { ...venv, folder: join(folder, 'moved') };
    mkdirSync(moved.folder);
    symlinkSync(join(venv.folder, 'bin'), join(moved.folder, 'bin'));
    symlinkSync(join(venv.folder, 'installed.sha256'), join(moved.folder, 'installed.sha256'));
    expect(isInstalled(moved, false)).toBe(false);
  });

  it('no longer when the Python it was made with is gone', () => {
    build(join(folder, 'uninstalled-python'));
    stamp(venv.lock);
    expect(isInstalled(venv, false)).toBe(false);
  });
});
