import { S3Client } from '@aws-sdk/client-s3';
import type { JudgeBatchEvent } from '../../generated/types/events/judgeBatch';
import event from '../../schemas/events/judgeBatch.schema.json';
import { judgeBatch } from '../gate/judgeBatch';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});

/** Decides whether the batch stays in the tables. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE', 'WAREHOUSE_BUCKET', 'ON_VIOLATION'],
  run: (request: JudgeBatchEvent, settings, log) =>
    judgeBatch(
      { store: ledgerStore(settings.LEDGER_TABLE), objects: s3Objects(s3), log },
      { warehouseBucket: settings.WAREHOUSE_BUCKET, onViolation: settings.ON_VIOLATION },
      request,
    ),
});
