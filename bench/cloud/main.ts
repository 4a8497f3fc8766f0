/**
 * `npm run bench:cloud [-- --files 10000] [--megabytes 1024] [--record]`: what the local cloud itself costs. Spark reads one large
 * file through it and from a folder, and many small files arrive at once. With --record the run takes its place in
 * docs/performance-cloud.json and docs/performance.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type LocalCloud, startLocalCloud, stopLocalCloud } from '../../local/instance';
import { install } from '../../local/setup/install';
import { PROJECT } from '../../local/setup/toolchain';
import { withSection } from '../markdown';
import { measureBurst } from './burst';
import { writeBurst } from './burstFiles';
import { measureLargeObject } from './largeObject';
import { renderCloud } from './page';
import { type CloudResult } from './results';

const RECORD = join(PROJECT, 'docs', 'performance-cloud.json');
const PAGE = join(PROJECT, 'docs', 'performance.md');
const MEBIBYTE = 1_024 ** 2;
const REPETITIONS = 3;

/** Does the work on an instance of its own, beside the one that the user may have. */
async function onCloud<T>(home: string, work: (cloud: LocalCloud) => Promise<T>): Promise<T> {
  process.env['LAKEHOUSE_HOME'] = home;
  const cloud = await startLocalCloud(PROJECT);
  try {
    return await work(cloud);
  } finally {
    await stopLocalCloud(PROJECT);
    rmSync(home, { recursive: true, force: true });
  }
}

function positive(name: string, given: string): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number above 0, not ${given}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '10000' },
      megabytes: { type: 'string', default: '1024' },
      record: { type: 'boolean' },
    },
  });
  const [files, megabytes] = [positive('files', values.files), positive('megabytes', values.megabytes)];
  const toolchain = await install({ dev: false });
  const loadBefore = loadavg()[0] ?? 0;
  const root = mkdtempSync(join(tmpdir(), 'lakehouse-bench-'));
  try {
    const options = { bytes: megabytes * MEBIBYTE, repetitions: REPETITIONS };
    const largeObject = await onCloud(join(root, 'large'), (cloud) =>
      measureLargeObject(cloud, toolchain, root, options),
    );
    const burstFiles = await writeBurst(root, files);
    const burst = await onCloud(join(root, 'burst-cloud'), (cloud) => measureBurst(cloud, burstFiles));
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, loadBefore };
    const run: CloudResult = {
      date: new Date().toISOString().slice(0, 10),
      machine: { ...machine, loadAfter: loadavg()[0] ?? 0 },
      repetitions: REPETITIONS,
      ...{ largeObject, burst },
    };
    process.stdout.write(`${renderCloud(run)}\n`);
    if (values.record !== true) return;
    writeFileSync(RECORD, `${JSON.stringify(run, null, 2)}\n`);
    writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), 'cloud', renderCloud(run)));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
