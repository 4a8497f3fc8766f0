/** Holders that die, runs that come back from the dead, and a cloud that is killed as a whole. */
import {
  after,
  cut,
  hold,
  log,
  object,
  parquet,
  PREPARED,
  write,
  type FaultPoint,
  type Meanwhile,
} from './point';

/** More than a run on a cold JVM takes on a busy machine (20 s were too few), so that only the run that hangs meets it. */
const JOB_TIMEOUT_SECONDS = 45;

export const zombies: FaultPoint[] = [
  cut(
    'holder',
    ['execution that holds the lease', 'aborted in mid-run'],
    'sweep',
    [object('PutObject', parquet('products'), hold)],
    { meanwhile: ({ lab }) => lab.abortExecutions() },
  ),
  cut(
    'timeout',
    ['job that hangs in the middle of Parquet', 'its time runs out; what it wrote arrives after'],
    'itself',
    [object('PutObject', parquet('products'), hold)],
    {
      jobTimeout: JOB_TIMEOUT_SECONDS,
      meanwhile: ({ untilState }) => untilState('timeout-a.csv', 'ARCHIVED'),
    },
  ),
  cut(
    'zombie',
    ['commit of a run whose time ran out', 'arrives before the next run has read the table'],
    'itself',
    [object('PutObject', log('products'), hold)],
    { jobTimeout: JOB_TIMEOUT_SECONDS, meanwhile: ({ untilRunEnded }) => untilRunEnded() },
  ),
  cut(
    'undead',
    ['commit of a run whose time ran out', 'arrives when the next run has committed'],
    'itself',
    [object('PutObject', log('products'), hold)],
    {
      jobTimeout: JOB_TIMEOUT_SECONDS,
      meanwhile: ({ untilState }) => untilState('undead-a.csv', 'ARCHIVED'),
    },
  ),
  cut(
    'regress',
    [
      'prepared counts of a run whose time ran out',
      'arrive over the published ones, when the files are archived',
    ],
    'itself',
    [
      object('PutObject', PREPARED, hold),
      object('DeleteObject', '/processing/', { ...after, ...hold, skip: 1 }),
    ],
    {
      jobTimeout: JOB_TIMEOUT_SECONDS,
      meanwhile: async ({ untilStruck, release, untilFinished }) => {
        await untilStruck(1);
        release(0);
        await untilFinished(0);
      },
    },
  ),
];

const killCloud = { action: 'kill-cloud' } as const;
const restart = { meanwhile: ({ lab }: Meanwhile) => lab.restart() };

export const crashes: FaultPoint[] = [
  cut(
    'crash1',
    ['registration of files', 'cloud killed after it'],
    'sweep',
    [write('#lastArrivedAt', { ...after, ...killCloud })],
    restart,
  ),
  cut(
    'crash2',
    ['job in the middle of Parquet', 'cloud killed'],
    'sweep',
    [object('PutObject', parquet('products'), killCloud)],
    restart,
  ),
  cut(
    'crash3',
    ['commit of MERGE', 'cloud killed after it'],
    'sweep',
    [object('PutObject', log('products'), { ...after, ...killCloud })],
    restart,
  ),
  cut(
    'crash4',
    ['copy to archived/', 'cloud killed after it'],
    'sweep',
    [object('CopyObject', '/archived/', { ...after, ...killCloud })],
    restart,
  ),
];
