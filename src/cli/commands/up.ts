import { prepareStage } from '../../../local/stage';
import { deploy } from '../deploy';
import { findStack, PROJECT, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse up` */
export async function up(
  { stage, json }: StageOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  await prepareStage(stage);
  await deploy({ project: PROJECT, stage, signal, terminal });
  const stack = await findStack(stage);
  terminal.note(`stage ${stage} is up`);
  if (json) await writeJson(terminal, stack);
  else await terminal.write(renderTable(['output', 'value'], Object.entries(stack)));
}
