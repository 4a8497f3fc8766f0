import { S3Client } from '@aws-sdk/client-s3';
import type { PlanBatchEvent } from '../../generated/types/events/planBatch';
import event from '../../schemas/events/planBatch.schema.json';
import { planBatch } from '../batch/planBatch';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { maintenanceThresholds } from '../maintenance/thresholds';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});

/** Opens the next entry of the batch log, or returns the open one. */
export const handler = lambda({
  event,
  environment: [
    ...(['LEDGER_TABLE', 'LANDING_BUCKET', 'WAREHOUSE_BUCKET', 'ARTEFACTS_BUCKET', 'STAGE_NAME'] as const),
    ...(['GLUE_SCRIPT', 'GLUE_PACKAGE', 'CONTRACT_HASH', 'SETTLE_SECONDS', 'MAX_SETTLE_SECONDS'] as const),
    ...(['MAX_BATCH_FILES', 'MAX_BATCH_BYTES', 'FILES_PER_CHUNK', 'ORPHAN_MAX_AGE_DAYS'] as const),
    ...(['UNDO_DAYS', 'MAINTENANCE_BUDGET_MINUTES', 'MAINTENANCE_MIN_FILES'] as const),
    ...(['WORKER_TYPE', 'MIN_WORKERS', 'MAX_WORKER_TYPE', 'MAX_WORKERS'] as const),
  ],
  run: (request: PlanBatchEvent, settings, log) =>
    planBatch(
      { store: ledgerStore(settings.LEDGER_TABLE), objects: s3Objects(s3), now: () => new Date(), log },
      {
        stage: settings.STAGE_NAME,
        landingBucket: settings.LANDING_BUCKET,
        warehouseBucket: settings.WAREHOUSE_BUCKET,
        artefactsBucket: settings.ARTEFACTS_BUCKET,
        release: {
          scriptLocation: settings.GLUE_SCRIPT,
          extraPyFiles: settings.GLUE_PACKAGE,
          contractHash: settings.CONTRACT_HASH,
        },
        filesPerChunk: settings.FILES_PER_CHUNK,
        orphanMaxAgeDays: settings.ORPHAN_MAX_AGE_DAYS,
        undoDays: settings.UNDO_DAYS,
        maintenance: {
          budgetMinutes: settings.MAINTENANCE_BUDGET_MINUTES,
          ...maintenanceThresholds(settings.MAINTENANCE_MIN_FILES),
        },
        settleSeconds: settings.SETTLE_SECONDS,
        maxSettleSeconds: settings.MAX_SETTLE_SECONDS,
        maxFiles: settings.MAX_BATCH_FILES,
        maxBytes: settings.MAX_BATCH_BYTES,
        workers: {
          smallest: settings.WORKER_TYPE,
          largest: settings.MAX_WORKER_TYPE,
          fewest: settings.MIN_WORKERS,
          most: settings.MAX_WORKERS,
        },
      },
      request,
    ),
});
