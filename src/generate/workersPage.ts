import { BYTES_PER_DPU, chooseWorkers, type WorkerBounds, type Workload } from '../job/workers';
import { DPU_PER_WORKER } from '../job/workerTypes';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Deliveries from one small file to the largest batch that a stage takes. */
const DELIVERIES: readonly (Workload & { readonly what: string })[] = [
  { what: 'a small file', bytes: MIB, files: 1, dates: 1 },
  { what: 'a month of daily files', bytes: 100 * MIB, files: 31, dates: 31 },
  { what: 'a gigabyte of one day', bytes: GIB, files: 1, dates: 1 },
  { what: 'the same in 1,000 files', bytes: GIB, files: 1_000, dates: 1 },
  { what: 'a quarter', bytes: 5 * GIB, files: 90, dates: 90 },
  { what: 'ten years of corrections', bytes: 100 * MIB, files: 3_650, dates: 3_650 },
  { what: 'a full batch of staging', bytes: 20 * GIB, files: 2_000, dates: 31 },
  { what: 'a full batch of prod', bytes: 100 * GIB, files: 10_000, dates: 365 },
];

/** docs/workers.md: how a job run gets its workers, with what that gives at each stage. */
export function workersPage(bounds: Readonly<Record<string, WorkerBounds>>): string {
  const stages = Object.entries(bounds);
  const cell = (delivery: Workload, of: WorkerBounds): string => {
    const { workerType, numberOfWorkers } = chooseWorkers(delivery, of);
    return `${numberOfWorkers} × ${workerType} (${numberOfWorkers * DPU_PER_WORKER[workerType]} DPU)`;
  };
  const rows = DELIVERIES.map((delivery) =>
    [
      ...[delivery.what, size(delivery.bytes), String(delivery.files), String(delivery.dates)],
      ...stages.map(([, of]) => cell(delivery, of)),
    ].join(' | '),
  );
  return [
    '# Workers of a job run',
    'Generated from src/job/workers.ts and serverless.yml by `npm run generate`.',
    'The planner gives each job of a batch its workers by the bytes and the number of its files in the manifest and by the dates that they touch, ' +
      'and the state machine starts the run with them. What a run writes does not hang on them.',
    [
      `- **Work**: the bytes, 4 MiB for each file (\`spark.sql.files.openCostInBytes\`), and 8 MiB for each date: a data file read and one written.`,
      `- **Executors**: one DPU (4 vCPUs, 16 GB) for each ${size(BYTES_PER_DPU)} of work, which is two tasks of 128 MiB a core; one worker more is the driver's. The rows of a merge, ` +
        'several times their CSV, fit into that memory.',
      '- **Size**: the smallest type with which `maxWorkers` suffice. At `maxWorkers` of `maxWorkerType` a run takes longer and spills to disk.',
      '- **Dates** are guessed before a line is read: the one in a key (`orders/2025-05-01.csv`), else the day the file arrived. A wrong guess costs time, not rows.',
    ].join('\n'),
    'The smallest run is two G.1X, the least that Glue takes; a run is charged by the second, at least a minute ([pricing](https://aws.amazon.com/glue/pricing/), ' +
      '[types](https://docs.aws.amazon.com/glue/latest/dg/worker-types.html)). The driver, which holds the keys of parents while they are broadcast, gets larger only with the type; the alarm on the ' +
      'memory of jobs watches it. A withdrawal and rows redriven without files run on the smallest.',
    '## What that gives',
    [
      `| delivery of one partitioned dataset | bytes | files | dates | ${stages.map(([stage]) => stage).join(' | ')} |`,
      `| ${Array.from({ length: stages.length + 4 }, () => '---').join(' | ')} |`,
      ...rows.map((row) => `| ${row} |`),
    ].join('\n'),
    'No such run was made on AWS: these are the sizes that the function gives, not times. The bounds are [parameters of the stage](configuration.md).',
  ].join('\n\n');
}

function size(bytes: number): string {
  return bytes >= GIB ? `${bytes / GIB} GiB` : `${bytes / MIB} MiB`;
}
