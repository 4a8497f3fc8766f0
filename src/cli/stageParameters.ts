import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parametersOf, type StageParams } from '../../plugins/stage-parameters/parameters';
import { CommandFailed } from './errors';
import { PROJECT } from './stage';

/**
 * The parameters of a stage as serverless.yml has them, for what is asked before a deploy: those of one with --param may differ.
 *
 * @throws CommandFailed when the file holds none.
 */
export async function parametersOfStage(stage: string): Promise<Record<string, unknown>> {
  const service: unknown = parse(await readFile(join(PROJECT, 'serverless.yml'), 'utf8'));
  if (hasParams(service)) return parametersOf(service.params, stage, []);
  throw new CommandFailed('serverless.yml holds no params: restore it');
}

function hasParams(value: unknown): value is { params: StageParams } {
  return typeof value === 'object' && value !== null && 'params' in value && typeof value.params === 'object';
}
