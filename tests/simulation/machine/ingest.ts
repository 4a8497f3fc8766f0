import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { Outcome } from '../../../generated/types/states/outcome';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { planBatch } from '../../../src/batch/planBatch';
import type { Counts } from '../../../src/gate/decide';
import { acquireLease } from '../../../src/lease/acquireLease';
import { releaseLease } from '../../../src/lease/releaseLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { checkHeaders } from '../../../src/verdict/checkHeaders';
import { JOB_PREFIX } from '../cloud/glue';
import type { Cloud } from '../cloud/cloud';
import type { Execution } from '../cloud/executions';
import { judge } from './judge';
import { load, restore } from './load';
import { type Progress, send, stop } from './stop';
import { task } from './task';

/** An entry to work on. */
interface Planned {
  readonly batch: Batch;
  /** It was cut off while it was withdrawn, or is a rollback. */
  readonly restoring?: { readonly datasets: readonly string[]; readonly validation: Counts };
}

/** The states of state-machine/ingest.asl.yml but for the catalog, which decides nothing here. */
export async function ingest(cloud: Cloud, execution: Execution): Promise<'SUCCEEDED' | 'FAILED'> {
  const progress: Progress = {};
  try {
    return await ingestBatch(cloud, execution, progress);
  } catch (error) {
    await stop(cloud, execution, progress, error);
    return 'FAILED';
  }
}

async function ingestBatch(
  cloud: Cloud,
  execution: Execution,
  progress: Progress,
): Promise<'SUCCEEDED' | 'FAILED'> {
  const lease = await acquire(cloud, execution);
  if (lease === undefined) return 'SUCCEEDED';
  progress.lease = lease;
  const planned = await plan(cloud, execution, lease);
  let backOff = false;
  let status = 'NOTHING';
  if (planned !== undefined) {
    progress.batch = planned.batch;
    ({ backOff, status } = await serve(cloud, execution, lease, planned));
  }
  await task(cloud, execution, 'releaseLease', (ports) =>
    releaseLease(ports, { lease, backOff, announced: true }),
  );
  return status === 'DONE' || status === 'NOTHING' ? 'SUCCEEDED' : 'FAILED';
}

/** From CheckHeaders, or where a withdrawal is resumed or a batch rolled back from OperateOnTables, to PublishOutcome. */
async function serve(
  cloud: Cloud,
  execution: Execution,
  lease: Lease,
  { batch, restoring }: Planned,
): Promise<{ status: string; backOff: boolean }> {
  const { outcomes, validation } =
    restoring === undefined
      ? await loadAndJudge(cloud, execution, lease, batch)
      : {
          outcomes: await restore(cloud, execution, { lease, batch }, restoring.datasets),
          validation: restoring.validation,
        };
  await Promise.all(
    chunksOf(batch).map((chunk) =>
      task(cloud, execution, 'archiveFiles', (ports) =>
        archiveFiles(ports, { lease, batch, chunk, outcomes }),
      ),
    ),
  );
  const { status, backOff, alert } = await task(cloud, execution, 'publishOutcome', (ports) =>
    publishOutcome(ports, { lease, batch, outcomes, validation }),
  );
  if (alert !== null) await send(cloud, execution, alert.message);
  return { status, backOff };
}

async function loadAndJudge(
  cloud: Cloud,
  execution: Execution,
  lease: Lease,
  batch: Batch,
): Promise<{ outcomes: Outcome[]; validation: Counts }> {
  const checked = await Promise.all(
    chunksOf(batch).map((chunk) =>
      task(cloud, execution, 'checkHeaders', (ports) => checkHeaders(ports, { lease, batch, chunk })),
    ),
  );
  const accepted = (dataset: string): number =>
    checked.reduce((files, { accepted }) => files + (accepted[dataset] ?? 0), 0);
  const outcomes = await load(cloud, execution, { lease, batch, accepted });
  if (cloud.validation === 'none') return { outcomes, validation: [] };
  const { validation, datasets } = await judge(cloud, execution, { lease, batch, outcomes });
  if (datasets === undefined) return { outcomes, validation };
  return { outcomes: await restore(cloud, execution, { lease, batch }, datasets), validation };
}

async function acquire(cloud: Cloud, execution: Execution): Promise<Lease | undefined> {
  const { arn: executionArn, trigger } = execution;
  for (;;) {
    const answer = await task(cloud, execution, 'acquireLease', (ports) =>
      acquireLease(ports, JOB_PREFIX, { executionArn, trigger }),
    );
    if (answer.status === 'ACQUIRED') return answer.lease;
    if (answer.status === 'HELD') return undefined;
    await cloud.scheduler.sleep(execution.actor, answer.waitSeconds);
  }
}

async function plan(cloud: Cloud, execution: Execution, lease: Lease): Promise<Planned | undefined> {
  const { startedAt } = execution;
  for (;;) {
    const answer = await task(cloud, execution, 'planBatch', (ports) =>
      planBatch(ports, cloud.settings, { lease, startedAt }),
    );
    if (answer.status === 'NOTHING') return undefined;
    if (answer.status === 'PLANNED') return { batch: answer.batch };
    if (answer.status === 'OPERATING') return { batch: answer.batch, restoring: answer };
    await cloud.scheduler.sleep(execution.actor, answer.waitSeconds);
  }
}

function chunksOf({ chunks }: Batch): number[] {
  return Array.from({ length: chunks }, (_, chunk) => chunk);
}
