/**
 * `npm run test:simulation -- [--histories N] [--seed S]`: more histories than the tests play, or one of them again. Without
 * a seed they begin where RANDOM_SEED says.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { randomSeed } from '../randomSeed';
import { firstFailure, report, smallest } from './campaign';

/** Seeds are 32 bits wide. */
const SEEDS = 2 ** 31;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { histories: { type: 'string', default: '100000' }, seed: { type: 'string' } },
  });
  const histories = Number(values.histories);
  const seed = Number(values.seed ?? randomSeed(process.env) ?? randomInt(SEEDS));
  const begin = process.cpuUsage();
  const failure = await firstFailure({ histories, seed });
  if (failure !== undefined) {
    process.stdout.write(`${report(await smallest(failure))}\n`);
    return 1;
  }
  const { user, system } = process.cpuUsage(begin);
  const seconds = Math.round((user + system) / 1_000_000);
  process.stdout.write(`${histories} histories from seed ${seed} kept every promise, ${seconds} s of CPU\n`);
  return 0;
}

void main().then((status) => {
  process.exitCode = status;
});
