import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Ajv } from 'ajv';
import { type Toolchain } from '../local/setup/toolchain';
import { datasetNames } from '../src/contract/contracts';
import { type Delivery } from './data';
import { type Peer, prepareScratch, programOf } from './peers';
import { type Cost, type Measurement } from './results';
import { Worker } from './worker';

/** What the series need. */
export interface Bench {
  readonly toolchain: Toolchain;
  /** Folder for everything temporary. */
  readonly root: string;
  readonly deliveries: readonly Delivery[];
  /** Rows that the initial load has to insert, by dataset. */
  readonly expected: Readonly<Record<string, number>>;
  readonly say: (text: string) => void;
}

function dataFiles(lake: string): number {
  return datasetNames
    .map((name) => join(lake, name))
    .flatMap((folder) => {
      try {
        return readdirSync(folder, { recursive: true, encoding: 'utf8' });
      } catch {
        return []; // the bare limit keeps no tables
      }
    })
    .filter((name) => name.endsWith('.parquet') && !name.includes('_delta_log')).length;
}

/** Where a peer's tables lie below its folder. */
export function tablesOf(peer: Peer, folder: string): string {
  return peer.name === 'ours' ? join(folder, 'warehouse') : folder;
}

/** The folder of a peer's lake. */
export function lakeOf(bench: Bench, peer: Peer, warm: boolean): string {
  return join(bench.root, `${peer.name}-${warm ? 'warm' : 'cold'}`);
}

interface Loaded {
  readonly rows: Record<string, { readonly inserted: number }>;
}
const isLoaded = new Ajv().compile<Loaded>({
  type: 'object',
  properties: {
    rows: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { inserted: { type: 'number' } },
        required: ['inserted'],
      },
    },
  },
  required: ['rows'],
});

/** @throws Error when the jobs did not insert what the generator says. */
function checkInserted(answer: unknown, expected: Bench['expected']): void {
  const found = isLoaded(answer)
    ? Object.fromEntries(Object.entries(answer.rows).map(([name, { inserted }]) => [name, inserted]))
    : answer;
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`inserted ${JSON.stringify(found)}, the generator says ${JSON.stringify(expected)}`);
  }
}

class Series {
  constructor(
    private readonly bench: Bench,
    private readonly peer: Peer,
  ) {}

  async inWorker<T>(work: (worker: Worker) => Promise<T>): Promise<T> {
    const scratch = join(this.bench.root, 'scratch');
    mkdirSync(scratch, { recursive: true });
    await prepareScratch(this.bench.toolchain, scratch);
    const worker = new Worker(programOf(this.peer.name, this.bench.toolchain, scratch));
    try {
      return await work(worker);
    } finally {
      await worker.stop();
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  async load(worker: Worker, { phase, number, files }: Delivery, warm: boolean): Promise<Measurement> {
    const { bench, peer } = this;
    const root = lakeOf(bench, peer, warm);
    mkdirSync(root, { recursive: true });
    const tables = tablesOf(peer, root);
    const before = dataFiles(tables);
    const { cost, facts } = await worker.request({
      action: 'load',
      datasets: datasetNames,
      root,
      number,
      files,
    });
    if (peer.name === 'ours' && phase === 'initial') checkInserted(facts, bench.expected);
    const newFiles = dataFiles(tables) - before;
    const { cpuSeconds, wallSeconds, peakMegabytes } = cost;
    bench.say(
      `${peer.title}, ${phase}, ${warm ? 'warm' : 'cold'}: ${cpuSeconds.toFixed(1)} s CPU, ` +
        `${wallSeconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB, ${newFiles} new files`,
    );
    return { peer: peer.name, phase, warm, newFiles, ...cost };
  }
}

/**
 * Measures a peer: each phase in a process of its own; then, if it is asked for, all phases on new tables in a process
 * that has done the initial load before.
 */
export async function measure(bench: Bench, peer: Peer): Promise<Measurement[]> {
  const series = new Series(bench, peer);
  const [initial, ...later] = bench.deliveries;
  if (initial === undefined) return [];
  const found: Measurement[] = [];
  await series.inWorker(async (worker) => {
    found.push(await series.load(worker, initial, false));
    if (!peer.warm) return;
    for (const delivery of bench.deliveries) found.push(await series.load(worker, delivery, true));
  });
  for (const delivery of later) {
    found.push(await series.inWorker((worker) => series.load(worker, delivery, false)));
  }
  return found;
}

/** What a session of ours costs that creates and reads one empty table. */
export async function measureIdle(bench: Bench, ours: Peer): Promise<Cost> {
  return new Series(bench, ours).inWorker(async (worker) => {
    const { cost } = await worker.request({ action: 'idle', root: join(bench.root, 'idle') });
    bench.say(`empty session: ${cost.cpuSeconds.toFixed(1)} s CPU, ${cost.wallSeconds.toFixed(1)} s`);
    return cost;
  });
}
