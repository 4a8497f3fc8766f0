import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { PublishOutcomeEvent } from '../../generated/types/events/publishOutcome';
import event from '../../schemas/events/publishOutcome.schema.json';
import { glueJobHistory } from '../job/jobHistory';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { embeddedMetrics } from '../metrics/emf';
import { s3Objects } from '../objects/s3Objects';
import { publishOutcome } from '../outcome/publishOutcome';

const s3 = new S3Client({});
const glue = new GlueClient({});

/** Books the results of the batch and closes its entry. */
export const handler = lambda({
  event,
  environment: ['STAGE_NAME', 'LEDGER_TABLE', 'JOB_NAME_PREFIX', 'LOG_DAYS', 'AUDIT_DAYS'],
  run: (request: PublishOutcomeEvent, settings, log) =>
    publishOutcome(
      {
        store: ledgerStore(settings.LEDGER_TABLE),
        objects: s3Objects(s3),
        history: glueJobHistory(glue),
        jobNamePrefix: settings.JOB_NAME_PREFIX,
        now: () => new Date(),
        stage: settings.STAGE_NAME,
        retention: { logDays: settings.LOG_DAYS, auditDays: settings.AUDIT_DAYS },
        measure: embeddedMetrics(settings.STAGE_NAME),
        log,
      },
      request,
    ),
});
