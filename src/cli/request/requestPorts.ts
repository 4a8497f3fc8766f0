import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { stepFunctionsExecutions } from '../../execution/executions';
import { s3Objects } from '../../objects/s3Objects';
import { dynamoStore } from '../../store/dynamoStore';
import { dynamoClient, lambdaClient, s3Client, stepFunctionsClient } from '../aws/clients';
import { runViewWith } from '../aws/runView';
import { type Stack } from '../stack';
import { type Terminal } from '../terminal';
import { type RequestPorts } from './ports';

/** The ports of a command on a deployed stage. */
export async function requestPorts(stack: Stack, terminal: Terminal): Promise<RequestPorts> {
  const stepFunctions = await stepFunctionsClient();
  const store = dynamoStore(await dynamoClient(), stack.LedgerTable);
  return {
    ...{ store, terminal },
    objects: s3Objects(await s3Client()),
    executions: stepFunctionsExecutions(stepFunctions, stack.LiveAliasArn),
    view: runViewWith(store, await lambdaClient(), stepFunctions, stack),
    clock: {
      now: Date.now,
      pause: (duration, interrupted) => pause(duration, undefined, { signal: interrupted }),
    },
    newId: randomUUID,
  };
}
