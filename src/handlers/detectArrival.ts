import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { DetectArrivalEvent } from '../../generated/types/events/detectArrival';
import event from '../../schemas/events/detectArrival.schema.json';
import { detectArrival } from '../arrival/detectArrival';
import { stepFunctionsExecutions } from '../execution/executions';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { embeddedMetrics } from '../metrics/emf';
import { measureStorage } from '../metrics/measureStorage';
import { s3Objects } from '../objects/s3Objects';

const s3 = new S3Client({});
const sfn = new SFNClient({});

/** Registers arrived files in the ledger and starts an execution; once a day it measures what is stored. */
export const handler = lambda({
  event,
  environment: [
    ...(['STAGE_NAME', 'LEDGER_TABLE', 'LANDING_BUCKET', 'WAREHOUSE_BUCKET', 'ARTEFACTS_BUCKET'] as const),
    'STATE_MACHINE_ARN',
  ],
  run: async (arrival: DetectArrivalEvent, settings, log) => {
    const ports = { objects: s3Objects(s3), log, measure: embeddedMetrics(settings.STAGE_NAME) };
    if ('storage' in arrival) {
      const { LANDING_BUCKET: landing, WAREHOUSE_BUCKET: warehouse, ARTEFACTS_BUCKET: artefacts } = settings;
      await measureStorage(ports, { landing, warehouse, artefacts });
      return { batchItemFailures: [], registered: 0, known: 0, ignored: 0 };
    }
    return detectArrival(
      {
        ...ports,
        store: ledgerStore(settings.LEDGER_TABLE),
        executions: stepFunctionsExecutions(sfn, settings.STATE_MACHINE_ARN),
        now: () => new Date(),
      },
      settings.LANDING_BUCKET,
      arrival,
    );
  },
});
