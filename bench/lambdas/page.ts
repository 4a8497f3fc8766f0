import { rounded, table } from '../markdown';
import { type LambdaResult } from './results';

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** Bytes in the largest unit that leaves a number above 1. */
export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${rounded(bytes / 1_024 ** step)} ${UNITS[step] ?? ''}`;
}

/** The run as Markdown. */
export function renderLambdas(run: LambdaResult): string {
  const { machine, repetitions } = run;
  return [
    `Run on ${run.date}: ${machine.cores} cores (${machine.processor}), Node ${run.node}; load average ${rounded(machine.loadBefore)} when it began, ` +
      `${rounded(machine.loadAfter)} when it ended.`,
    table(
      ['object', 'bytes read', 'fastest ms', 'median ms'],
      run.headerChecks.map((check) => [
        size(check.bytes),
        String(check.bytesRead),
        rounded(check.fastestMilliseconds),
        rounded(check.medianMilliseconds),
      ]),
    ),
    `Each is ${repetitions.headerChecks} checks of one object.`,
    table(
      ['function', 'JavaScript', 'package, with source map', 'load, CPU ms', 'fastest ms', 'MB after it'],
      [
        [
          'empty program',
          '',
          '',
          rounded(run.empty.cpuMilliseconds),
          rounded(run.empty.loadMilliseconds),
          rounded(run.empty.megabytes),
        ],
        ...run.bundles.map((bundle) => [
          bundle.name,
          size(bundle.bytes),
          size(bundle.zippedBytes),
          rounded(bundle.cpuMilliseconds),
          rounded(bundle.loadMilliseconds),
          rounded(bundle.megabytes),
        ]),
      ],
    ),
    `Of ${repetitions.loads} new processes each; CPU and memory are medians.`,
  ].join('\n\n');
}
