import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { stepFunctionsExecutions } from '../../execution/executions';
import { s3Objects } from '../../objects/s3Objects';
import { dynamoStore } from '../../store/dynamoStore';
import { dynamoClient, lambdaClient, s3Client, stepFunctionsClient } from '../aws/clients';
import { runViewWith } from '../aws/runView';
import { milliseconds } from '../duration';
import { type RollbackOptions, wantedOf } from '../rollback/options';
import { renderRollback } from '../rollback/output';
import { runRollback } from '../rollback/rollback';
import { openStage } from '../stage';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse rollback`; gives the exit status. */
export async function rollBack(
  options: RollbackOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(options.timeout);
  const wanted = wantedOf(options);
  const stack = await openStage(options.stage);
  const stepFunctions = await stepFunctionsClient();
  const store = dynamoStore(await dynamoClient(), stack.LedgerTable);
  const { output, exitCode } = await runRollback(
    {
      ...{ wanted, dryRun: options.dryRun ?? false, timeoutMs, signal },
      settings: { artefactsBucket: stack.ArtefactsBucket, warehouseBucket: stack.WarehouseBucket },
    },
    {
      ...{ store, terminal },
      objects: s3Objects(await s3Client()),
      executions: stepFunctionsExecutions(stepFunctions, stack.LiveAliasArn),
      view: runViewWith(store, await lambdaClient(), stepFunctions, stack),
      clock: {
        now: Date.now,
        pause: (duration, interrupted) => pause(duration, undefined, { signal: interrupted }),
      },
      newId: randomUUID,
    },
  );
  await (options.json ? writeJson(terminal, output) : terminal.write(renderRollback(output)));
  return exitCode;
}
