import { GlueClient } from '@aws-sdk/client-glue';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { AcquireLeaseEvent } from '../../generated/types/events/acquireLease';
import event from '../../schemas/events/acquireLease.schema.json';
import { stepFunctionsExecutions } from '../execution/executions';
import { glueJobRuns } from '../job/jobRuns';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { acquireLease } from '../lease/acquireLease';

const glue = new GlueClient({});
const sfn = new SFNClient({});

/** Takes the lease on the batch log. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE', 'JOB_NAME_PREFIX'],
  run: (request: AcquireLeaseEvent, settings, log) =>
    acquireLease(
      {
        store: ledgerStore(settings.LEDGER_TABLE),
        executions: stepFunctionsExecutions(sfn),
        runs: glueJobRuns(glue),
        now: () => new Date(),
        log,
      },
      settings.JOB_NAME_PREFIX,
      request,
    ),
});
