import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Packaged } from '../../release/manifest';
import { UsageError } from '../errors';

const TEMPLATE = 'cloudformation-template-update-stack.json';
/** What plugins/glue-assets appends to the names of what the jobs run. */
const ASSET = '.asset';

/**
 * Reads a folder that `sls package --package FOLDER` wrote.
 *
 * @throws UsageError when it is none.
 */
export async function readPackaged(folder: string): Promise<Packaged> {
  const document = async (name: string): Promise<unknown> => {
    const text = await readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
      throw new UsageError(
        `${folder} holds no ${name}: package it with "npx sls package --package ${folder}"`,
        {
          cause,
        },
      );
    });
    const parsed: unknown = JSON.parse(text);
    return parsed;
  };
  const template = await document(TEMPLATE);
  const stage = stageIn(await document('serverless-state.json'));
  if (stage === undefined) throw new UsageError(`${folder}/serverless-state.json names no stage`);
  const files = await readdir(folder, { recursive: true });
  const read = async (suffix: string): Promise<Map<string, Uint8Array>> => {
    const found = files.filter((file) => file.endsWith(suffix)).sort();
    const entries = found.map(
      async (file) =>
        [basename(file, suffix === ASSET ? ASSET : ''), await readFile(join(folder, file))] as const,
    );
    return new Map(await Promise.all(entries));
  };
  return { stage, template, bundles: await read('.zip'), jobs: await read(ASSET) };
}

function stageIn(state: unknown): string | undefined {
  let value = state;
  for (const name of ['service', 'provider', 'stage']) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return typeof value === 'string' ? value : undefined;
}
