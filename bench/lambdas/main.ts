/**
 * `npm run bench:lambdas [-- --record]`: measures the header check against objects of 1 KiB to 10 GiB on a local cloud of its
 * own, and how long each packaged function takes to load. With --record the run takes its place in
 * docs/performance-lambdas.json and docs/performance.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalCloud, stopLocalCloud } from '../../local/instance';
import { install } from '../../local/setup/install';
import { PROJECT, type Toolchain } from '../../local/setup/toolchain';
import { Workspace } from '../../tests/template/packaging';
import { withSection } from '../markdown';
import { measureBundles } from './bundles';
import { measureHeaderChecks } from './headerChecks';
import { renderLambdas } from './page';
import { type LambdaResult } from './results';

const RECORD = join(PROJECT, 'docs', 'performance-lambdas.json');
const PAGE = join(PROJECT, 'docs', 'performance.md');
const REPETITIONS = { headerChecks: 50, loads: 9 };

async function headerChecks(root: string): Promise<LambdaResult['headerChecks']> {
  // an instance beside the one that the user may have
  process.env['LAKEHOUSE_HOME'] = join(root, 'cloud');
  const cloud = await startLocalCloud(PROJECT);
  try {
    return await measureHeaderChecks(cloud, REPETITIONS.headerChecks);
  } finally {
    await stopLocalCloud(PROJECT);
  }
}

function bundles({ node }: Toolchain, root: string): Pick<LambdaResult, 'empty' | 'bundles'> {
  const workspace = new Workspace();
  try {
    const { folder } = workspace.package('staging');
    return measureBundles(node, folder, join(root, 'bundles'), REPETITIONS.loads);
  } finally {
    workspace.remove();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { record: { type: 'boolean' } } });
  const toolchain = await install({ dev: false });
  const loadBefore = loadavg()[0] ?? 0;
  const root = mkdtempSync(join(tmpdir(), 'lakehouse-bench-'));
  try {
    const checks = await headerChecks(root);
    const loading = bundles(toolchain, root);
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, loadBefore };
    const run: LambdaResult = {
      date: new Date().toISOString().slice(0, 10),
      machine: { ...machine, loadAfter: loadavg()[0] ?? 0 },
      node: process.versions.node,
      repetitions: REPETITIONS,
      headerChecks: checks,
      ...loading,
    };
    process.stdout.write(`${renderLambdas(run)}\n`);
    if (values.record !== true) return;
    writeFileSync(RECORD, `${JSON.stringify(run, null, 2)}\n`);
    writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), 'functions', renderLambdas(run)));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
