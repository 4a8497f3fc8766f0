import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tables } from '../../contract/contracts';
import { stepFunctionsExecutions } from '../../execution/executions';
import { maintenanceThresholds } from '../../maintenance/thresholds';
import { s3Objects } from '../../objects/s3Objects';
import { dynamoStore } from '../../store/dynamoStore';
import { dynamoClient, lambdaClient, s3Client, stepFunctionsClient } from '../aws/clients';
import { runViewWith } from '../aws/runView';
import { milliseconds } from '../duration';
import { runMaintain } from '../maintain/maintain';
import { type MaintainOptions } from '../maintain/options';
import { renderMaintain } from '../maintain/output';
import { openStage } from '../stage';
import { requireTable } from '../status/history';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse maintain`; gives the exit status. */
export async function maintainTables(
  options: MaintainOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(options.timeout);
  const table = options.table === undefined ? undefined : requireTable(options.table, tables).name;
  const stack = await openStage(options.stage);
  const stepFunctions = await stepFunctionsClient();
  const store = dynamoStore(await dynamoClient(), stack.LedgerTable);
  const { output, exitCode } = await runMaintain(
    {
      ...{ table, dryRun: options.dryRun ?? false, timeoutMs, signal },
      settings: {
        ...{ artefactsBucket: stack.ArtefactsBucket, warehouseBucket: stack.WarehouseBucket },
        undoDays: Number(stack.UndoDays),
        ...maintenanceThresholds(Number(stack.MaintenanceMinFiles)),
      },
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
  await (options.json ? writeJson(terminal, output) : terminal.write(renderMaintain(output)));
  return exitCode;
}
