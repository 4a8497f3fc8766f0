import { type RedriveOutput } from '../../../generated/types/outputs/redrive';
import { redrive } from '../../redrive/redrive';
import { sqsClient } from '../aws/clients';
import { queuesWith } from '../aws/queues';
import { openStage, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse redrive` */
export async function redriveMessages({ stage, json }: StageOptions, terminal: Terminal): Promise<void> {
  const { ArrivalDlqUrl, ArrivalRuleDlqUrl, ArrivalQueueUrl } = await openStage(stage);
  const queues = queuesWith(await sqsClient());
  const output: RedriveOutput = [];
  for (const queue of [ArrivalDlqUrl, ArrivalRuleDlqUrl]) {
    output.push(await redrive(queues, queue, ArrivalQueueUrl));
  }
  for (const { queue, left } of output) {
    for (const { messageId, reason } of left) terminal.note(`stays in ${queue}: ${messageId}: ${reason}`);
  }
  if (json) await writeJson(terminal, output);
  else {
    const rows = output.map(({ queue, moved, left }) => [queue, moved, left.length]);
    await terminal.write(renderTable(['dead letter queue', 'moved', 'left'], rows));
  }
}
