import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Toolchain } from '../local/setup/toolchain';
import { datasetNames } from '../src/contract/contracts';
import { compareTables, differences, type Digests, find, parseDigests } from './compare';
import { writeData } from './data';
import { type BenchOptions } from './options';
import { digestProgram, type Peer, peers, programOf } from './peers';
import { type BenchResult, type Comparison, type Cost, type Machine, type Measurement } from './results';
import { type Bench, lakeOf, measure, measureIdle, tablesOf } from './series';
import { Worker } from './worker';

const GIGABYTE = 2 ** 30;

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

function versions(toolchain: Toolchain): Record<string, string> {
  const script =
    'import importlib.metadata as m, sys; print(sys.version.split()[0]); ' +
    '[print(m.version(n)) for n in sys.argv[1:]]';
  const of = (python: string, ...names: string[]): string[] =>
    execFileSync(python, ['-c', script, ...names], { encoding: 'utf8' })
      .trim()
      .split('\n');
  const [python = '', spark = ''] = of(toolchain.gluePython, 'pyspark');
  const [, duckdb = '', deltaRs = ''] = of(programOf('duckdb', toolchain, '').command, 'duckdb', 'deltalake');
  return { Node: process.versions.node, Python: python, Spark: spark, DuckDB: duckdb, 'delta-rs': deltaRs };
}

async function digests(toolchain: Toolchain, root: string, request: object): Promise<Digests> {
  const worker = new Worker(digestProgram(toolchain, root));
  try {
    return parseDigests(
      (await worker.request({ action: 'digest', datasets: datasetNames, ...request })).facts,
    );
  } finally {
    await worker.stop();
  }
}

/** @throws Error when ours has not what the generator says, or a peer that must have the same rows has not. */
async function compare(bench: Bench, chosen: readonly Peer[]): Promise<Comparison[]> {
  const [ours, ...others] = chosen.filter(({ mustEqual }) => mustEqual !== undefined);
  if (ours?.name !== 'ours') return [];
  const root = tablesOf(ours, lakeOf(bench, ours, false));
  const reference = await digests(bench.toolchain, bench.root, { root });
  const found: Comparison[] = [];
  const states = [...others.map((peer) => [peer, false] as const), [ours, true] as const];
  for (const [peer, warm] of states) {
    const other = root;
    const theirs = tablesOf(peer, lakeOf(bench, peer, warm));
    const comparison = compareTables(
      peer.name,
      reference,
      await digests(bench.toolchain, bench.root, { root: theirs, other }),
    );
    const different = differences(comparison);
    say(`${peer.title}: ${different.length === 0 ? 'the same rows as ours' : different.join('; ')}`);
    if (peer.mustEqual === true && different.length > 0) {
      throw new Error(`${peer.title} does not end with the rows of ours: ${different.join('; ')}`);
    }
    if (peer !== ours) found.push(comparison);
  }
  return found;
}

/** @throws Error when ours wrote a data file into a dataset's table for a file that came again. */
function checkRedelivery(measurements: readonly Measurement[]): void {
  for (const warm of [false, true]) {
    const written = find(measurements, 'ours', 'redelivery', warm)?.newFiles ?? 0;
    if (written > 0) throw new Error(`the redelivery of an identical file wrote ${written} data files`);
  }
}

/**
 * One run at one size: generates the files, measures the peers named one after the other and compares the end states.
 *
 * @throws Error when an end state is wrong; a slow peer is no error
 */
export async function bench(
  { items, peers: names, phases }: BenchOptions,
  toolchain: Toolchain,
  root: string,
): Promise<BenchResult> {
  const machine: Omit<Machine, 'loadAfter'> = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / GIGABYTE),
    loadBefore: loadavg()[0] ?? 0,
    versions: versions(toolchain),
  };
  const data = await writeData(join(root, 'data'), items);
  const deliveries = data.deliveries.filter(({ phase }) => phases.includes(phase));
  const run: Bench = { toolchain, root, deliveries, expected: data.expected.tables, say };
  say(
    deliveries
      .map(({ phase, items: lines, files }) => `${phase}: ${lines} items, ${files.length} files`)
      .join('; '),
  );
  const chosen = peers.filter(({ name }) => names.includes(name));
  const measurements: Measurement[] = [];
  let emptySession: Cost | null = null;
  for (const peer of chosen) {
    if (peer.name === 'ours') emptySession = await measureIdle(run, peer);
    measurements.push(...(await measure(run, peer)));
  }
  checkRedelivery(measurements);
  const comparisons = await compare(run, chosen);
  return {
    items,
    date: new Date().toISOString().slice(0, 10),
    machine: { ...machine, loadAfter: loadavg()[0] ?? 0 },
    lines: Object.fromEntries(deliveries.map(({ phase, items: lines }) => [phase, lines])),
    emptySession,
    measurements,
    comparisons,
  };
}
