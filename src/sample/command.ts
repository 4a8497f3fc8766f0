import { readdir, writeFile } from 'node:fs/promises';
import { UsageError } from '../cli/errors';
import { type Terminal } from '../cli/terminal';
import { defaultSample, type SampleParameters, writeSample } from './generate';

/** Options of `lakehouse sample` as typed in. */
export type SampleOptions = Readonly<Partial<Record<keyof SampleParameters | 'expected', string>>>;

/**
 * The parameters that the options mean.
 *
 * @throws UsageError
 */
export function sampleParameters(options: SampleOptions): SampleParameters {
  const whole = (name: keyof SampleParameters, least: number): number => {
    const text = options[name] ?? String(defaultSample[name]);
    const value = Number(text);
    if (/^\d+$/u.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new UsageError(`--${name} ${text}: give a whole number of at least ${least}`);
  };
  const defects = Number(options.defects ?? defaultSample.defects);
  if (!(defects >= 0 && defects <= 1)) {
    throw new UsageError(`--defects ${options.defects ?? ''}: give a share from 0 to 1, such as 0.01`);
  }
  return {
    products: whole('products', 1),
    orders: whole('orders', 0),
    days: whole('days', 1),
    seed: whole('seed', 0),
    defects,
  };
}

/**
 * Writes sample files into a folder that is new or empty.
 *
 * @throws UsageError when the folder holds something.
 */
export async function runSample(
  dir: string,
  options: SampleOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const parameters = sampleParameters(options);
  const present = await readdir(dir).catch(() => []);
  if (present.length > 0) throw new UsageError(`${dir} is not empty: name a new folder`);
  const outcome = await writeSample(dir, parameters, signal);
  if (options.expected !== undefined) {
    await writeFile(options.expected, `${JSON.stringify(outcome, null, 2)}\n`);
  }
  terminal.note(`wrote ${outcome.files.length} files; load them with: npx lakehouse ingest ${dir}`);
}
