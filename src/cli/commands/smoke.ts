import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type SmokeOutput } from '../../../generated/types/outputs/smoke';
import { datasetNames } from '../../contract/contracts';
import { dynamoStore } from '../../store/dynamoStore';
import { cloudWatchClient, dynamoClient, lambdaClient, stepFunctionsClient } from '../aws/clients';
import { samplesWith } from '../aws/metrics';
import { releasesWith, versionOfExecution } from '../aws/releases';
import { runViewWith } from '../aws/runView';
import { milliseconds } from '../duration';
import { UsageError } from '../errors';
import { findSources } from '../ingest/sources';
import { runSmoke } from '../release/smoke';
import { writeHeaders, writeRows } from '../release/smokeFiles';
import { openStage, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';
import { ingestInto } from './ingest';

export interface SmokeOptions extends StageOptions {
  readonly timeout: string;
  readonly sample?: true;
}

/** `lakehouse smoke`; gives the exit status. */
export async function smoke(options: SmokeOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  if (options.sample && options.stage === 'prod') {
    throw new UsageError('--sample would load made-up rows into production: leave it out');
  }
  const timeoutMs = milliseconds(options.timeout);
  const stack = await openStage(options.stage);
  const stepFunctions = await stepFunctionsClient();
  const dynamo = await dynamoClient();
  const store = dynamoStore(dynamo, stack.LedgerTable);
  const cloudWatch = await cloudWatchClient();
  const { output, exitCode } = await runSmoke(
    { stage: options.stage, datasets: datasetNames, signal },
    {
      terminal,
      releases: releasesWith(stepFunctions, stack),
      view: runViewWith(store, await lambdaClient(), stepFunctions, stack),
      versionOf: (arn) => versionOfExecution(stepFunctions, arn),
      land: async (attempt, view) => {
        const folder = await mkdtemp(join(tmpdir(), 'lakehouse-smoke-'));
        try {
          const name = `smoke-${Date.now()}-${attempt}`;
          const files = await (options.sample ? writeRows(folder) : writeHeaders(folder, name));
          const sources = await findSources([folder], datasetNames);
          return { files, result: await ingestInto(stack, { sources, timeoutMs, signal }, terminal, view) };
        } finally {
          await rm(folder, { recursive: true });
        }
      },
      samples: (series, since) => samplesWith(cloudWatch, series, since, new Date()),
      clock: { now: Date.now, pause: (duration, until) => pause(duration, undefined, { signal: until }) },
    },
  );
  await (options.json ? writeJson(terminal, output) : terminal.write(renderSmoke(output)));
  return exitCode;
}

function renderSmoke({ release, name, passed, checks }: SmokeOutput): string {
  return [
    renderTable(
      ['check', 'passed', 'problems'],
      checks.map((check) => [check.name, check.passed ? 'yes' : 'NO', check.problems.join('; ')]),
    ),
    `release ${release} (${name}): the smoke ${passed ? 'passed' : 'FAILED'}\n`,
  ].join('');
}
