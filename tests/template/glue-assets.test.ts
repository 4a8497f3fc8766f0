/** What the local plugin makes of glue/ and schemas/. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { GlueAssetsMissing, readGlueRelease } from '../../plugins/glue-assets/assets';
import { replaceTokens, UnknownAssetToken } from '../../plugins/glue-assets/tokens';
import { PROJECT } from './packaging';

let project: string;
const put = (path: string, text: string) => {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), text);
};

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lakehouse-assets-'));
  put('glue/load_dataset.py', 'print("run")\n');
  put('glue/lakehouse/__init__.py', '');
  put('glue/lakehouse/rules/integers.py', 'RULES = 1\n');
  put('schemas/datasets/products.schema.json', '{}\n');
});
afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

describe('the package of the Glue jobs', () => {
  it('holds lakehouse/ and schemas/ and no leftovers of Python', () => {
    put('glue/lakehouse/__pycache__/x.cpython-311.pyc', 'bytes');
    put('glue/lakehouse/stray.pyc', 'bytes');
    put('glue/lakehouse/.hidden', 'bytes');
    const content = unzipSync(readGlueRelease(project).package.body);
    expect(Object.keys(content)).toEqual([
      'lakehouse/__init__.py',
      'lakehouse/rules/integers.py',
      'schemas/datasets/products.schema.json',
    ]);
    expect(strFromU8(content['lakehouse/rules/integers.py']!)).toBe('RULES = 1\n');
  });

  it('is the same whatever the files` dates and wherever the project lies', () => {
    const before = readGlueRelease(project);
    utimesSync(join(project, 'glue/lakehouse/__init__.py'), new Date('2001-02-03'), new Date('2001-02-03'));
    expect(readGlueRelease(project)).toEqual(before);
    const elsewhere = mkdtempSync(join(tmpdir(), 'lakehouse-elsewhere-'));
    cpSync(project, elsewhere, { recursive: true });
    expect(readGlueRelease(elsewhere)).toEqual(before);
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('is the same in every time zone', () => {
    const assets = join(PROJECT, 'plugins', 'glue-assets', 'assets.ts');
    const program = `console.log(require(${JSON.stringify(assets)}).readGlueRelease(${JSON.stringify(project)}).package.key)`;
    const keyIn = (TZ: string) =>
      execFileSync(join(PROJECT, 'node_modules', '.bin', 'tsx'), ['-e', program], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      }).trim();
    expect(keyIn('Pacific/Auckland')).toBe(keyIn('America/Los_Angeles'));
    expect(keyIn('UTC')).toBe(readGlueRelease(project).package.key);
  });

  it('gets another key when code or a contract changes, and only a contract changes the contract hash', () => {
    const before = readGlueRelease(project);
    put('glue/lakehouse/rules/integers.py', 'RULES = 2\n');
    const edited = readGlueRelease(project);
    expect(edited.package.key).not.toBe(before.package.key);
    expect(edited.script.key).toBe(before.script.key);
    expect(edited.contractHash).toBe(before.contractHash);
    put('schemas/datasets/products.schema.json', '{ }\n');
    const changed = readGlueRelease(project);
    expect(changed.package.key).not.toBe(edited.package.key);
    expect(changed.contractHash).not.toBe(before.contractHash);
  });

  it('tells a renamed contract from the old one', () => {
    const before = readGlueRelease(project).contractHash;
    rmSync(join(project, 'schemas/datasets/products.schema.json'));
    put('schemas/datasets/product.schema.json', '{}\n');
    expect(readGlueRelease(project).contractHash).not.toBe(before);
  });

  it('is refused when the code is missing', () => {
    rmSync(join(project, 'glue/lakehouse'), { recursive: true });
    mkdirSync(join(project, 'glue/lakehouse'));
    expect(() => readGlueRelease(project)).toThrow(GlueAssetsMissing);
  });
});

describe('tokens', () => {
  const values = new Map([['script', 'a/b.py']]);

  it('are replaced wherever they stand', () => {
    const template = { Job: ['s3://x/{{asset:script}}', { uri: '{{asset:script}}' }] };
    expect(replaceTokens(template, values)).toEqual({ Job: ['s3://x/a/b.py', { uri: 'a/b.py' }] });
  });

  it('are an error when nothing stands behind them', () => {
    expect(() => replaceTokens({ uri: '{{asset:scirpt}}' }, values)).toThrow(UnknownAssetToken);
    expect(() => replaceTokens({ uri: '{{asset:scirpt}}' }, values)).toThrow(
      '{{asset:scirpt}}; known: script',
    );
  });
});
