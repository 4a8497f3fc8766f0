import { S3Client } from '@aws-sdk/client-s3';
import type { EraseObjectsEvent } from '../../generated/types/events/eraseObjects';
import event from '../../schemas/events/eraseObjects.schema.json';
import { eraseObjects } from '../erasure/eraseObjects';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});

/** Removes what an erasure leaves beside the tables and the kept files. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE'],
  run: (request: EraseObjectsEvent, settings, log) =>
    eraseObjects({ store: ledgerStore(settings.LEDGER_TABLE), objects: s3Objects(s3), log }, request),
});
