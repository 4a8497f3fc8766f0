import { resolve } from 'node:path';
import { prepareStage } from '../../local/stage';
import { cloudFormationClient } from './aws/clients';
import { readOutputsWith } from './aws/stackOutputs';
import { readStack, type Stack } from './stack';

/** The folder of this project, whatever the working directory is. */
export const PROJECT = resolve(__dirname, '..', '..');

/** Options that every command takes. */
export interface StageOptions {
  readonly stage: string;
  readonly json?: true;
}

/** What is deployed on a stage that is prepared already. */
export async function findStack(stage: string): Promise<Stack> {
  return readStack(stage, readOutputsWith(await cloudFormationClient()));
}

/** Makes the stage usable and finds what is deployed there. */
export async function openStage(stage: string): Promise<Stack> {
  await prepareStage(stage);
  return findStack(stage);
}
