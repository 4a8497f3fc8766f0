import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { datasetNames } from '../../src/contract/contracts';
import { writeSample } from '../../src/sample/generate';

const DAYS = 30;
const LINES_PER_FILE = 10;
/** An order has 1 to 6 items, evenly, and a line of its own. */
const LINES_PER_ORDER = 4.5;
const PRODUCTS = 200;

/** What was written. */
export interface BurstFiles {
  readonly folder: string;
  readonly files: number;
  /** Headers apart. */
  readonly lines: number;
}

/** Writes about `files` files of ten lines each below `dir`: a clean sample of 30 days, cut into pieces. */
export async function writeBurst(dir: string, files: number): Promise<BurstFiles> {
  const whole = join(dir, 'whole');
  const orders = Math.ceil((files * LINES_PER_FILE) / LINES_PER_ORDER);
  await writeSample(whole, { products: PRODUCTS, orders, days: DAYS, seed: 1, defects: 0, plain: true });
  const folder = join(dir, 'burst');
  let [written, lines] = [0, 0];
  for (const dataset of datasetNames) {
    mkdirSync(join(folder, dataset), { recursive: true });
    for (const name of readdirSync(join(whole, dataset)).sort()) {
      const [header = '', ...rows] = readFileSync(join(whole, dataset, name), 'utf8')
        .trimEnd()
        .split('\n');
      for (let begin = 0; begin < rows.length; begin += LINES_PER_FILE) {
        const piece = [header, ...rows.slice(begin, begin + LINES_PER_FILE)].join('\n');
        const number = String(begin / LINES_PER_FILE).padStart(6, '0');
        writeFileSync(join(folder, dataset, `${basename(name, '.csv')}-${number}.csv`), `${piece}\n`);
        written += 1;
      }
      lines += rows.length;
    }
  }
  return { folder, files: written, lines };
}
