import { size } from '../lambdas/page';
import { rounded, table } from '../markdown';
import { type CloudResult } from './results';

const PAYLOAD_LIMIT = 256 * 1_024;

/** The run as Markdown. */
export function renderCloud(run: CloudResult): string {
  const { machine, largeObject, burst } = run;
  const { megabytes } = burst;
  const slowest = Math.max(...burst.batchSeconds);
  return [
    `Run on ${run.date}: ${machine.cores} cores (${machine.processor}); load average ${rounded(machine.loadBefore)} when it began, ` +
      `${rounded(machine.loadAfter)} when it ended.`,
    `**A file of ${size(largeObject.bytes)}**, read whole by Spark with the settings of a job, the fastest of ${run.repetitions}:`,
    table(
      ['from', 'seconds', 'ratio', 'held by the local cloud, MB'],
      [
        ['a folder', rounded(largeObject.folderSeconds), '', ''],
        [
          'the local cloud',
          rounded(largeObject.cloudSeconds),
          (largeObject.cloudSeconds / largeObject.folderSeconds).toFixed(2),
          `${rounded(largeObject.megabytes.idle)} before, ${rounded(largeObject.megabytes.upload)} at most while it came, ` +
            `${rounded(largeObject.megabytes.read)} while it was read`,
        ],
      ],
    ),
    `**A burst of ${burst.files.toLocaleString('en')} files** of ten lines, ${burst.lines.toLocaleString('en')} lines in all:`,
    table(
      ['what', 'measured'],
      [
        ['uploaded in', `${rounded(burst.uploadSeconds)} s`],
        ['settled in', `${rounded(burst.seconds)} s: ${rounded(burst.files / burst.seconds)} files a second`],
        ['batches', `${burst.batchSeconds.length}, the longest ${rounded(slowest)} s`],
        ['largest payload of a state', `${size(burst.largestPayload)} of ${size(PAYLOAD_LIMIT)}`],
        [
          'held by the local cloud, MB',
          `${rounded(megabytes.idle)} before, ${rounded(megabytes.uploaded)} uploaded, ${rounded(megabytes.settled)} settled, ` +
            `${rounded(megabytes.peak)} at most`,
        ],
      ],
    ),
  ].join('\n\n');
}
