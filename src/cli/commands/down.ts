import { stopLocalCloud } from '../../../local/instance';
import { LOCAL_STAGE } from '../../../local/stage';
import { PROJECT, type StageOptions } from '../stage';
import { stopStage } from '../stop';
import { type Terminal } from '../terminal';

/** `lakehouse down` */
export async function down({ stage }: StageOptions, terminal: Terminal): Promise<void> {
  await stopStage(stage, { stage: LOCAL_STAGE, stop: () => stopLocalCloud(PROJECT) }, terminal);
}
