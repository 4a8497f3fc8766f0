import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { DetectArrivalEvent } from '../../generated/types/events/detectArrival';
import event from '../../schemas/events/detectArrival.schema.json';
import { detectArrival } from '../arrival/detectArrival';
import { stepFunctionsExecutions } from '../execution/executions';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { embeddedMetrics } from '../metrics/emf';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});
const sfn = new SFNClient({});

/** Registers arrived files in the ledger and starts an execution. */
export const handler = lambda({
  event,
  environment: ['STAGE_NAME', 'LEDGER_TABLE', 'LANDING_BUCKET', 'STATE_MACHINE_ARN'],
  run: (arrival: DetectArrivalEvent, settings, log) =>
    detectArrival(
      {
        store: ledgerStore(settings.LEDGER_TABLE),
        objects: s3Objects(s3),
        executions: stepFunctionsExecutions(sfn, settings.STATE_MACHINE_ARN),
        now: () => new Date(),
        log,
        measure: embeddedMetrics(settings.STAGE_NAME),
      },
      settings.LANDING_BUCKET,
      arrival,
    ),
});
