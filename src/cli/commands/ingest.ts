import { setTimeout as pause } from 'node:timers/promises';
import { fileIdOf } from '../../arrival/versions';
import { datasetNames } from '../../contract/contracts';
import { dynamoStore } from '../../store/dynamoStore';
import { dynamoClient, lambdaClient, s3Client, stepFunctionsClient } from '../aws/clients';
import { readControl } from '../aws/ledger';
import { runViewWith } from '../aws/runView';
import { putWith } from '../aws/upload';
import { milliseconds } from '../duration';
import { type RunView } from '../ingest/follow';
import { ingest, type IngestOptions, type IngestResult } from '../ingest/ingest';
import { renderOutput } from '../ingest/outcome';
import { findSources } from '../ingest/sources';
import { type Stack } from '../stack';
import { openStage, type StageOptions } from '../stage';
import { type Terminal, writeJson } from '../terminal';

/** Ingests on what is deployed, and follows it by `view` if one is given. */
export async function ingestInto(
  stack: Stack,
  options: Omit<IngestOptions, 'datasets'>,
  terminal: Terminal,
  view?: RunView,
): Promise<IngestResult> {
  const store = dynamoStore(await dynamoClient(), stack.LedgerTable);
  return ingest(
    { ...options, datasets: datasetNames },
    {
      terminal,
      view: view ?? runViewWith(store, await lambdaClient(), await stepFunctionsClient(), stack),
      put: putWith(await s3Client(), stack),
      control: () => readControl(store),
      fileId: (key, versionId) => fileIdOf(stack.LandingBucket, key, versionId),
      clock: {
        now: Date.now,
        pause: (duration, signal) => pause(duration, undefined, { signal }),
      },
    },
  );
}

/** `lakehouse ingest`; gives the exit status. */
export async function ingestPaths(
  paths: readonly string[],
  { stage, json, timeout }: StageOptions & { readonly timeout: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const timeoutMs = milliseconds(timeout);
  const sources = await findSources(paths, datasetNames);
  const stack = await openStage(stage);
  const { output, exitCode } = await ingestInto(stack, { sources, timeoutMs, signal }, terminal);
  if (json) await writeJson(terminal, output);
  else await terminal.write(renderOutput(output));
  return exitCode;
}
