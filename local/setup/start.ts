import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { athenaWith } from '../../src/cli/aws/athena';
import { athenaClient, cloudFormationClient } from '../../src/cli/aws/clients';
import { readDeployTimeWith } from '../../src/cli/aws/stackOutputs';
import { ingestInto } from '../../src/cli/commands/ingest';
import { reportOn } from '../../src/cli/commands/report';
import { deployLocally } from '../../src/cli/deployLocally';
import { DEFAULT_TIMEOUT, milliseconds } from '../../src/cli/duration';
import { ExitCode, explain, Interrupted, UsageError } from '../../src/cli/errors';
import { renderOutput } from '../../src/cli/ingest/outcome';
import { findSources } from '../../src/cli/ingest/sources';
import { differingCounts } from '../../src/cli/query/counts';
import { findStack } from '../../src/cli/stage';
import { processTerminal, type Terminal } from '../../src/cli/terminal';
import { datasetNames } from '../../src/contract/contracts';
import { defaultSample, writeSample } from '../../src/sample/generate';
import { instanceHome } from '../instance-record';
import { findLocalCloud, logFile, startLocalCloud, stopLocalCloud } from '../instance';
import { LOCAL_STAGE, prepareStage } from '../stage';
import { install } from './install';
import { seconds } from './progress';
import { PROJECT } from './toolchain';

/** What `npm start -- ...` takes. */
interface StartOptions {
  readonly data: string | undefined;
  readonly fresh: boolean;
  readonly json: string | undefined;
  readonly timeoutMs: number;
}

const USAGE = `Use: npm start -- [--data DIR] [--fresh] [--json FILE] [--timeout 10m]
  --data DIR     load DIR (folders products, orders, order_items of CSV) instead of the sample
  --fresh        stop the local cloud and forget everything it stored first
  --json FILE    also write the outcome as JSON
  --timeout T    how long to wait for the load, e.g. 90s or 10m`;

function optionsOf(args: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        json: { type: 'string' },
        timeout: { type: 'string', default: DEFAULT_TIMEOUT },
      },
    });
    // npm runs scripts in the project folder; the person's own folder is where a relative path starts
    const here = process.env['INIT_CWD'] ?? process.cwd();
    const path = (given: string | undefined): string | undefined =>
      given === undefined ? undefined : resolve(here, given);
    const { data, fresh, json, timeout } = values;
    return { data: path(data), fresh, json: path(json), timeoutMs: milliseconds(timeout) };
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`, { cause });
  }
}

/** Runs the phases one after the other and remembers how long each took. */
class Phases {
  private readonly begin = performance.now();
  private readonly took: string[] = [];

  constructor(
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal,
  ) {}

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.terminal.note(`${name} ...`);
    const begin = performance.now();
    try {
      return await work();
    } finally {
      this.took.push(`${name} ${seconds(begin)}`);
    }
  }

  tell(): void {
    this.terminal.note(`time: ${this.took.join(', ')}, total ${seconds(this.begin)}`);
  }
}

/** Loads the folder into the running local cloud and shows the outcome; gives the exit status. */
async function load(
  data: string,
  { json, timeoutMs }: StartOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const sources = await findSources([data], datasetNames);
  const stack = await findStack(LOCAL_STAGE);
  const { output, exitCode } = await ingestInto(stack, { sources, timeoutMs, signal }, terminal);
  if (json !== undefined) {
    await writeFile(`${json}.partial`, `${JSON.stringify(output, null, 2)}\n`);
    await rename(`${json}.partial`, json);
  }
  await terminal.write(renderOutput(output));
  if (exitCode === ExitCode.stillRunning) return exitCode;
  const differing = await differingCounts(athenaWith(await athenaClient(), stack), output.tables, signal);
  for (const line of differing) terminal.note(line);
  terminal.note(`Athena counts ${differing.length === 0 ? 'agree with' : 'differ from'} the batch log`);
  return exitCode === ExitCode.ok && differing.length > 0 ? ExitCode.failed : exitCode;
}

/** The sample in a temporary folder, or the person's own folder. */
async function withData<T>(
  { data }: StartOptions,
  terminal: Terminal,
  signal: AbortSignal,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if (data !== undefined) return work(data);
  const folder = await mkdtemp(join(tmpdir(), 'lakehouse-sample-'));
  try {
    await writeSample(folder, defaultSample, signal);
    terminal.note('loading a generated sample: four of its files and some rows are spoilt on purpose');
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function forget(terminal: Terminal): Promise<void> {
  const home = instanceHome(PROJECT);
  const content = await readdir(home);
  // LAKEHOUSE_HOME may name any folder
  if (content.length > 0 && !existsSync(logFile(home))) {
    throw new UsageError(
      `${home} holds no local cloud, so --fresh does not remove it: set LAKEHOUSE_HOME anew`,
    );
  }
  await stopLocalCloud(PROJECT);
  await rm(home, { recursive: true, force: true });
  terminal.note(`removed ${home}`);
}

/** The report on this load; the load is good without it. */
async function writeReport(terminal: Terminal, signal: AbortSignal): Promise<void> {
  const file = join(instanceHome(PROJECT), 'report.html');
  try {
    await reportOn(LOCAL_STAGE, await findStack(LOCAL_STAGE), { file, open: true }, terminal, signal);
  } catch (error) {
    signal.throwIfAborted();
    terminal.note(`no report was written: ${explain(error).message}`);
  }
}

async function start(options: StartOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const phases = new Phases(terminal, signal);
  if (options.data !== undefined) {
    await findSources([options.data], datasetNames);
  }
  await phases.run('install', () => install({ dev: false }));
  if (options.fresh) await forget(terminal);
  const ours = (await findLocalCloud(PROJECT)) === undefined;
  try {
    await phases.run('cloud', () => startLocalCloud(PROJECT, { signal }));
    await prepareStage(LOCAL_STAGE);
    await phases.run('deploy', async () => {
      const options = { project: PROJECT, stage: LOCAL_STAGE, home: instanceHome(PROJECT), signal, terminal };
      const deployed = await deployLocally(options, readDeployTimeWith(await cloudFormationClient()));
      if (!deployed) terminal.note('nothing to deploy: the sources are those of the last time');
    });
    const exitCode = await withData(options, terminal, signal, (folder) =>
      phases.run('load', () => load(folder, options, terminal, signal)),
    );
    await phases.run('report', () => writeReport(terminal, signal));
    phases.tell();
    terminal.note(WHERE_NEXT);
    return exitCode;
  } catch (error) {
    if (signal.aborted && ours) {
      terminal.note('stopping the local cloud ...');
      await stopLocalCloud(PROJECT);
    }
    throw error;
  }
}

const WHERE_NEXT = `The local cloud is up. Next:
  npx lakehouse status                              files, batches, tables
  npx lakehouse query "SELECT * FROM orders LIMIT 5"
  npx lakehouse rejects orders                      lines that were refused, and why
  npx lakehouse report --open                       all of it on one page
  npx lakehouse ingest DIR                          your own files
  npx lakehouse down                                end it`;

async function main(): Promise<void> {
  const terminal = processTerminal();
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort(new Interrupted());
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, interrupt);
  try {
    const options = optionsOf(process.argv.slice(2));
    process.exitCode = await start(options, terminal, interruption.signal);
  } catch (error) {
    const { exitCode, message } = explain(interruption.signal.aborted ? interruption.signal.reason : error);
    terminal.note(`npm start: ${message}`);
    process.exitCode = exitCode;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, interrupt);
  }
}

void main();
