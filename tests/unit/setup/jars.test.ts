import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SetupError } from '../../../local/setup/errors';
import {
  areJarsInstalled,
  hashJars,
  jarsFolder,
  lockViolations,
  readJarLock,
} from '../../../local/setup/jars';
import { PROJECT } from '../../../local/setup/toolchain';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('the lock of the jars', () => {
  it('is satisfied by exactly the locked files', () => {
    expect(lockViolations({ 'x.jar': A, 'y.jar': B }, { 'y.jar': B, 'x.jar': A })).toEqual([]);
  });

  it('names a jar that is missing, one that is another and one that nobody locked', () => {
    expect(lockViolations({ 'x.jar': A, 'y.jar': A }, { 'y.jar': B, 'z.jar': B })).toEqual([
      'x.jar is missing',
      `y.jar has the SHA-256 ${B}, not ${A}`,
      'z.jar is not in the lock',
    ]);
  });

  it('of this project pins Delta and the S3 connector and keeps the 281 MB bundle out', () => {
    const names = Object.keys(readJarLock(PROJECT));
    expect(names).toContain('delta-spark_2.12-3.3.2.jar');
    expect(names).toContain('hadoop-aws-3.3.4.jar');
    expect(names.filter((name) => name.includes('bundle'))).toEqual([]);
  });
});

describe('the jars of a project', () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'jars-test-'));
    mkdirSync(join(project, 'local', 'setup'), { recursive: true });
    mkdirSync(jarsFolder(project), { recursive: true });
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  const lock = (content: unknown): void => {
    writeFileSync(join(project, 'local', 'setup', 'jars.lock.json'), JSON.stringify(content));
  };

  it('are known by their content', () => {
    writeFileSync(join(jarsFolder(project), 'x.jar'), 'abc');
    writeFileSync(join(jarsFolder(project), 'verified.sha256'), 'not a jar');
    expect(hashJars(jarsFolder(project))).toEqual({
      'x.jar': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
  });

  it('are not installed while nothing says that they were verified', () => {
    lock({ 'x.jar': A });
    writeFileSync(join(jarsFolder(project), 'x.jar'), 'abc');
    expect(areJarsInstalled(project)).toBe(false);
  });

  it('cannot come from a lock that is no list of sums, or that leads out of its folder', () => {
    for (const wrong of [{}, { 'x.jar': 'short' }, { '../x.jar': A }, []]) {
      lock(wrong);
      expect(() => readJarLock(project)).toThrow(SetupError);
    }
  });
});
