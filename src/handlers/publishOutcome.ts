import { S3Client } from '@aws-sdk/client-s3';
import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import event from '../../schemas/events/publishOutcome.schema.json';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { s3Objects } from '../objects/s3Objects';
import { publishOutcome } from '../outcome/publishOutcome';

const s3 = new S3Client({});

/** Books the results of the batch and closes its entry. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE'],
  run: (request: PublishOutcomeEvent, settings) =>
    publishOutcome(
      { store: ledgerStore(settings.LEDGER_TABLE), objects: s3Objects(s3), now: () => new Date() },
      request,
    ),
});
