import { SFNClient } from '@aws-sdk/client-sfn';
import type { ReleaseLeaseEvent } from '../../generated/types/events/releaseLease';
import event from '../../schemas/events/releaseLease.schema.json';
import { stepFunctionsExecutions } from '../execution/executions';
import { lambda } from '../lambda/lambda';
import { ledgerStore } from '../lambda/ledgerStore';
import { releaseLease } from '../lease/releaseLease';

const sfn = new SFNClient({});

/** Gives the lease back, or hands over to the next execution. */
export const handler = lambda({
  event,
  environment: ['LEDGER_TABLE', 'STATE_MACHINE_ARN'],
  run: (request: ReleaseLeaseEvent, settings) =>
    releaseLease(
      {
        store: ledgerStore(settings.LEDGER_TABLE),
        executions: stepFunctionsExecutions(sfn, settings.STATE_MACHINE_ARN),
      },
      request,
    ),
});
