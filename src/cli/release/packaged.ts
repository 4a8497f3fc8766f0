import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Packaged } from '../../release/manifest';
import { UsageError } from '../errors';

/** What `sls deploy --package` reads; the templates beside it are for people. */
const STATE = 'serverless-state.json';
/** What plugins/glue-assets appends to the names of what the jobs run. */
const ASSET = '.asset';

/**
 * Reads a folder that `sls package --package FOLDER` wrote.
 *
 * @throws UsageError when it is none.
 */
export async function readPackaged(folder: string): Promise<Packaged> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(notPackaged(folder));
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length));
  const files = new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))] as const)),
  );
  const state: unknown = JSON.parse(files.get(STATE)?.toString() ?? notPackaged(folder)());
  const provider = memberOf(memberOf(state, 'service'), 'provider');
  const stage = memberOf(provider, 'stage');
  const template = memberOf(provider, 'compiledCloudFormationTemplate');
  if (typeof stage !== 'string' || template === undefined) {
    throw new UsageError(`${join(folder, STATE)} names no stage or holds no template`);
  }
  const named = (suffix: string, cut: string): Map<string, Uint8Array> =>
    new Map(
      [...files]
        .filter(([path]) => path.endsWith(suffix))
        .map(([path, body]) => [basename(path, cut), body] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return { stage, template, bundles: named('.zip', ''), jobs: named(ASSET, ASSET), files };
}

function notPackaged(folder: string): (cause?: unknown) => never {
  return (cause) => {
    throw new UsageError(
      `${folder} holds no ${STATE}: package it with "npx sls package --package ${folder}"`,
      { cause },
    );
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
