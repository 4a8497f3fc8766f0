import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { SettleJobEvent } from '../../generated/types/events/settleJob';
import event from '../../schemas/events/settleJob.schema.json';
import { glueJobRuns } from '../job/jobRuns';
import { settleJob } from '../job/settleJob';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { embeddedMetrics } from '../metrics/emf';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});
const glue = new GlueClient({});

/** Decides what follows a job run that did not succeed. */
export const handler = lambda({
  event,
  environment: ['STAGE_NAME', 'LEDGER_TABLE', 'JOB_NAME_PREFIX', 'JOB_MAX_ATTEMPTS', 'JOB_BACKOFF_SECONDS'],
  run: (request: SettleJobEvent, settings) =>
    settleJob(
      {
        store: ledgerStore(settings.LEDGER_TABLE),
        objects: s3Objects(s3),
        runs: glueJobRuns(glue),
        random: Math.random,
        measure: embeddedMetrics(settings.STAGE_NAME),
      },
      {
        jobNamePrefix: settings.JOB_NAME_PREFIX,
        maxAttempts: settings.JOB_MAX_ATTEMPTS,
        backoffSeconds: settings.JOB_BACKOFF_SECONDS,
      },
      request,
    ),
});
