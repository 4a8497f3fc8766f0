import { setTimeout as pause } from 'node:timers/promises';
import { datasetNames } from '../../contract/contracts';
import { stepFunctionsExecutions } from '../../execution/executions';
import { dynamoStore } from '../../store/dynamoStore';
import { dynamoClient, lambdaClient, stepFunctionsClient } from '../aws/clients';
import { filesWith } from '../aws/ledger';
import { runViewWith } from '../aws/runView';
import { milliseconds } from '../duration';
import { renderOutput } from '../ingest/outcome';
import { type ReplayOptions, selectionsOf } from '../replay/options';
import { runReplay } from '../replay/replay';
import { openStage } from '../stage';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse replay`; gives the exit status. */
export async function replayFiles(
  options: ReplayOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(options.timeout);
  const selections = selectionsOf(options);
  const stack = await openStage(options.stage);
  const dynamo = await dynamoClient();
  const stepFunctions = await stepFunctionsClient();
  const store = dynamoStore(dynamo, stack.LedgerTable);
  const { output, exitCode } = await runReplay(
    { selections, datasets: datasetNames, dryRun: options.dryRun ?? false, timeoutMs, signal },
    {
      ...{ store, terminal },
      files: () => filesWith(dynamo, stack),
      executions: stepFunctionsExecutions(stepFunctions, stack.LiveAliasArn),
      now: () => new Date(),
      view: runViewWith(store, await lambdaClient(), stepFunctions, stack),
      clock: {
        now: Date.now,
        pause: (duration, interrupted) => pause(duration, undefined, { signal: interrupted }),
      },
    },
  );
  if (options.json) await writeJson(terminal, output);
  else await terminal.write(renderOutput(output));
  return exitCode;
}
