import { instanceHome } from '../../../local/instance-record';
import { LOCAL_STAGE, prepareStage } from '../../../local/stage';
import { cloudFormationClient } from '../aws/clients';
import { readDeployTimeWith } from '../aws/stackOutputs';
import { deploy } from '../deploy';
import { deployLocally } from '../deployLocally';
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
  const options = { project: PROJECT, stage, signal, terminal };
  if (stage === LOCAL_STAGE) {
    const readDeployTime = readDeployTimeWith(await cloudFormationClient());
    await deployLocally({ ...options, home: instanceHome(PROJECT) }, readDeployTime);
  } else await deploy(options);
  const stack = await findStack(stage);
  terminal.note(`stage ${stage} is up`);
  if (json) await writeJson(terminal, stack);
  else await terminal.write(renderTable(['output', 'value'], Object.entries(stack)));
}
