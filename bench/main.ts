/**
 * `npm run bench -- --items 100000 [--peers ours,duckdb] [--phases initial,increment] [--record]`: loads the same generated files with the service's
 * jobs and with what a user would write instead, one after the other, and prints what each cost. With --record the run
 * takes its place in docs/performance.json and docs/performance.md.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../local/setup/errors';
import { install } from '../local/setup/install';
import { PROJECT } from '../local/setup/toolchain';
import { ensureVenv, venvs } from '../local/setup/venv';
import { bench } from './bench';
import { withSection } from './markdown';
import { parseOptions } from './options';
import { parseResults, withRun } from './record';
import { renderRun, renderRuns } from './report';
import { type BenchResult } from './results';

const RECORD = join(PROJECT, 'docs', 'performance.json');
const PAGE = join(PROJECT, 'docs', 'performance.md');

function record(run: BenchResult): void {
  const results = withRun(parseResults(readFileSync(RECORD, 'utf8')), run);
  writeFileSync(RECORD, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), 'loads', renderRuns(results)));
}

/** The folder of a run, which goes with this process. */
function temporaryFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'lakehouse-bench-'));
  process.once('exit', () => {
    rmSync(root, { recursive: true, force: true });
  });
  return root;
}

async function main(): Promise<void> {
  if (!existsSync('/proc/self/stat'))
    throw new Error('the benchmark reads costs from /proc: run it on Linux');
  const options = parseOptions(process.argv.slice(2));
  const toolchain = await install({ dev: false });
  await ensureVenv(venvs(PROJECT).bench, false);
  const run = await bench(options, toolchain, temporaryFolder());
  process.stdout.write(`${renderRun(run)}\n`);
  if (options.record) record(run);
}

main().catch((error: unknown) => {
  const isPlain = error instanceof SetupError || !(error instanceof Error);
  process.stderr.write(`${isPlain ? String(error) : (error.stack ?? error.message)}\n`);
  process.exitCode = 1;
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
