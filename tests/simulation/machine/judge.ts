import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { Outcome } from '../../../generated/types/states/outcome';
import type { Counts } from '../../../src/gate/decide';
import { judgeBatch } from '../../../src/gate/judgeBatch';
import type { Cloud } from '../cloud/cloud';
import type { Execution } from '../cloud/executions';
import { WAREHOUSE, wrongRows } from '../lake/lake';
import { task } from './task';

interface Judged {
  readonly lease: Lease;
  readonly batch: Batch;
  readonly outcomes: Outcome[];
}

/** ValidateTables and JudgeBatch; `datasets` are to be restored, undefined when the batch stays. */
export async function judge(
  cloud: Cloud,
  execution: Execution,
  { lease, batch, outcomes }: Judged,
): Promise<{ validation: Counts; datasets?: string[] }> {
  await cloud.scheduler.pause(execution.actor);
  const isBare = outcomes.some(
    ({ dataset, status }) => status === 'FAILED' && batch.uninitialised.includes(dataset),
  );
  const validation = isBare ? [] : [{ name: 'check', violations: violationsOf(cloud, batch.number) }];
  const answer = await task(cloud, execution, 'judgeBatch', (ports) =>
    judgeBatch(
      ports,
      { warehouseBucket: WAREHOUSE, onViolation: 'withdraw' },
      { lease, batch, outcomes, validation },
    ),
  );
  return answer.status === 'WITHDRAW' ? { validation, datasets: answer.datasets } : { validation };
}

/** Rows of the batch that no rule refuses and the check complains of, and now and then one that is not there. */
function violationsOf(cloud: Cloud, number: number): number {
  const { lake, random, wire, validation, validated } = cloud;
  if (validation === 'mended') return 0;
  const wrong = wrongRows(lake).filter(({ batch }) => batch === validated(number)).length;
  return wrong + (random.chance(wire.rates.falseAlarm) ? 1 : 0);
}
