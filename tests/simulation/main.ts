/** `npm run test:simulation -- [--histories N] [--seed S]`: more histories than the tests play, or one of them again. */
import { parseArgs } from 'node:util';
import { firstFailure, report, smallest } from './campaign';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { histories: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const [histories, seed] = [Number(values.histories), Number(values.seed)];
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
