import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ValidationResult } from '../../../generated/types/outputs/ingest';
import { type SmokeOutput } from '../../../generated/types/outputs/smoke';
import { datasetNames } from '../../contract/contracts';
import { dynamoStore } from '../../store/dynamoStore';
import { athenaWith } from '../aws/athena';
import {
  athenaClient,
  cloudWatchClient,
  dynamoClient,
  lambdaClient,
  stepFunctionsClient,
} from '../aws/clients';
import { ledgerViewWith, readControl } from '../aws/ledger';
import { samplesWith } from '../aws/metrics';
import { releasesWith, versionOfExecution } from '../aws/releases';
import { runViewWith } from '../aws/runView';
import { milliseconds } from '../duration';
import { UsageError } from '../errors';
import { findSources } from '../ingest/sources';
import { runQuery } from '../query/athena';
import { runSmoke } from '../release/smoke';
import { writeHeaders, writeRows } from '../release/smokeFiles';
import { type Stack } from '../stack';
import { openStage, PROJECT, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';
import { ingestInto } from './ingest';

export interface SmokeOptions extends StageOptions {
  readonly timeout: string;
  readonly sample?: true;
}

/** Entries that are searched for the newest validation. */
const LOOKED_AT = 50;

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
  const athena = athenaWith(await athenaClient(), stack);
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
      lastValidation: () => lastValidation(stack, dynamo),
      validate: async () => {
        const sql = await readFile(join(PROJECT, 'generated', 'validation.sql'), 'utf8');
        const { rows } = await runQuery(athena, sql, signal);
        const found: ValidationResult[] = [];
        for await (const [name, count] of rows) {
          const violations = Number(count);
          found.push({ name: name ?? '', violations, passed: violations === 0 });
        }
        return found;
      },
      samples: (series, since) => samplesWith(cloudWatch, series, since, new Date()),
      clock: { now: Date.now, pause: (duration, until) => pause(duration, undefined, { signal: until }) },
    },
  );
  await (options.json ? writeJson(terminal, output) : terminal.write(renderSmoke(output)));
  return exitCode;
}

async function lastValidation(
  stack: Stack,
  dynamo: Awaited<ReturnType<typeof dynamoClient>>,
): Promise<ValidationResult[]> {
  const control = await readControl(dynamoStore(dynamo, stack.LedgerTable));
  const newest = (control?.nextNumber ?? 1) - 1;
  const numbers = Array.from({ length: Math.min(newest, LOOKED_AT) }, (_, index) => newest - index);
  const entries = await ledgerViewWith(dynamo, stack).entries(numbers);
  const newestFirst = [...entries].sort((a, b) => b.number - a.number);
  const validation = newestFirst.find((entry) => (entry.validation ?? []).length > 0)?.validation ?? [];
  return validation.map(({ name, violations }) => ({ name, violations, passed: violations === 0 }));
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
