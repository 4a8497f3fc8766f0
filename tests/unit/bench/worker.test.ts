import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Worker } from '../../../bench/worker';

// it burns CPU seconds, which take long on a machine that others use
jest.setTimeout(120_000);

/** A worker in JavaScript that speaks as bench/workers/protocol.py does. */
const PROGRAM = `
const { execFileSync } = require('node:child_process');
const { createWriteStream } = require('node:fs');
const answers = createWriteStream(null, { fd: 3 });
const burn = 'const end = process.cpuUsage().user + 400_000; while (process.cpuUsage().user < end);';
let held;
require('node:readline').createInterface(process.stdin).on('line', (line) => {
  const { action } = JSON.parse(line);
  if (action === 'die') { process.stderr.write('no memory'); process.exit(3); }
  if (action === 'burn') execFileSync(process.execPath, ['-e', burn]);
  if (action === 'hold') held = Buffer.alloc(80 * 2 ** 20, 1);
  if (action === 'free') { held = undefined; gc(); }
  answers.write(JSON.stringify({ did: action }) + '\\n');
});`;

const started: Worker[] = [];
function start(): Worker {
  const args = ['--expose-gc', '-e', PROGRAM];
  const worker = new Worker({ command: process.execPath, args, env: process.env });
  started.push(worker);
  return worker;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.stop()));
});

// costs are read from /proc
(existsSync('/proc/self/stat') ? describe : describe.skip)('a worker of the benchmark', () => {
  it('answers, and its first request costs its start as well', async () => {
    const worker = start();
    const cold = await worker.request({ action: 'nothing' });
    const warm = await worker.request({ action: 'nothing' });
    expect(cold.facts).toEqual({ did: 'nothing' });
    expect(cold.cost.cpuSeconds).toBeGreaterThan(warm.cost.cpuSeconds);
  });

  it('is charged for the processes that it starts', async () => {
    const worker = start();
    await worker.request({ action: 'nothing' });
    const { cost } = await worker.request({ action: 'burn' });
    expect(cost.cpuSeconds).toBeGreaterThanOrEqual(0.39);
  });

  it('has the peak of memory of each request, not of those before it', async () => {
    const worker = start();
    const before = await worker.request({ action: 'nothing' });
    const holding = await worker.request({ action: 'hold' });
    await worker.request({ action: 'free' });
    const after = await worker.request({ action: 'nothing' });
    expect(holding.cost.peakMegabytes).toBeGreaterThan(before.cost.peakMegabytes + 70);
    expect(after.cost.peakMegabytes).toBeLessThan(holding.cost.peakMegabytes - 50);
  });

  it('says what a worker that died wrote last', async () => {
    await expect(start().request({ action: 'die' })).rejects.toThrow(/has ended:\nno memory/u);
  });
});
