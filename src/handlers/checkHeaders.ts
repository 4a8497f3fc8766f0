import { S3Client } from '@aws-sdk/client-s3';
import type { CheckHeadersEvent } from '../../generated/types/events/checkHeaders';
import event from '../../schemas/events/checkHeaders.schema.json';
import { checkHeaders } from '../verdict/checkHeaders';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});

/** Judges the headers of a chunk of the manifest. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE'],
  run: (request: CheckHeadersEvent, settings, log) =>
    checkHeaders({ store: ledgerStore(settings.LEDGER_TABLE), objects: s3Objects(s3), log }, request),
});
