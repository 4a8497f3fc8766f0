import { tables } from '../../../src/contract/contracts';
import { type Facts, type RunEvent } from '../../../src/report/facts';
import { entryItem, fileItem } from '../cli/fakes';

export const START = Date.parse('2025-05-02T06:00:00Z');

/** A history in which each event follows the one before it, a second apart. */
export function events(steps: readonly (readonly [type: string, state?: string])[]): RunEvent[] {
  return steps.map(([type, state], index) => ({
    id: index + 1,
    previous: index,
    type,
    at: START + index * 1000,
    state: state ?? null,
    error: null,
  }));
}

/** Plan, a Map that checks, a Parallel that loads; an error leads to Failed. */
export const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Plan',
  States: {
    Plan: { Type: 'Task', Next: 'Due', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Alert' }] },
    Due: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Load' }], Default: 'Nothing' },
    Nothing: { Type: 'Succeed' },
    Load: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'LoadA', States: { LoadA: { Type: 'Task', End: true } } },
        { StartAt: 'LoadB', States: { LoadB: { Type: 'Task', End: true } } },
      ],
      Next: 'Done',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Alert' }],
    },
    Done: { Type: 'Succeed' },
    Alert: { Type: 'Task', Next: 'Failed' },
    Failed: { Type: 'Fail' },
  },
});

export const goodRun = events([
  ['ExecutionStarted'],
  ['TaskStateEntered', 'Plan'],
  ['TaskFailed'],
  ['TaskScheduled'],
  ['TaskSucceeded'],
  ['TaskStateExited', 'Plan'],
  ['ChoiceStateEntered', 'Due'],
  ['ChoiceStateExited', 'Due'],
  ['ParallelStateEntered', 'Load'],
  ['ParallelStateStarted'],
  ['TaskStateEntered', 'LoadA'],
  ['TaskStateExited', 'LoadA'],
  ['ParallelStateSucceeded'],
  ['ParallelStateExited', 'Load'],
  ['SucceedStateEntered', 'Done'],
  ['SucceedStateExited', 'Done'],
  ['ExecutionSucceeded'],
]);

const rows = (read: number, rejected: number, orphaned = 0): NonNullable<Facts['files'][number]['rows']> => ({
  ...{ read, updated: 1, unchanged: 0, superseded: 0, duplicate: 0, rejected, orphaned },
  inserted: read - rejected - orphaned - 1,
});

function batch(number: number, state: 'DONE' | 'OPEN', more: object = {}): Facts['batches'][number] {
  const openedAt = new Date(START + number * 3_600_000).toISOString();
  const manifest = {
    ...{ schema: 1, kind: 'load', epoch: 'e', number, plannedAt: openedAt, chunks: 1, orphanMaxAgeDays: 30 },
    ...{ landingBucket: 'landing', warehouseBucket: 'warehouse', prefix: 's3://a/batches/e/1/' },
    release: { scriptLocation: 's', extraPyFiles: 'p', contractHash: 'c' },
    ...{ contracts: {}, confirmations: {} },
    tables: { orders: number === 1 ? null : number - 1, orders_rejects: number === 1 ? null : 1 },
    files: [{ fileId: `f${number}`, key: `raw/orders/day-${number}.csv`, dataset: 'orders' }],
  } as unknown as Facts['batches'][number]['manifest'];
  const result = {
    ...{ dataset: 'orders', number, manifestHash: 'm', jobRunId: `jr_${number}`, status: 'published' },
    ...{ rejectedFiles: [], redriven: [], confirmations: {}, orphans: null },
    files: [{ fileId: `f${number}`, rows: rows(10 * number, number) }],
    tables: [
      { name: 'orders', version: number, rows: 9 * number, columns: [] },
      { name: 'orders_rejects', version: 1, rows: 1, columns: [] },
    ],
  } as Facts['batches'][number]['results'][number];
  const entry = entryItem(number, state, {
    ...{ openedAt, seconds: 60 * number + 0.4, jobRuns: 1 },
    validation: [{ name: 'orders_primary_key_unique', violations: 0 }],
    ...more,
  });
  return { entry, manifest, results: [result] };
}

const data = (day: string, size: number, count: number | null) => ({
  ...{ path: `date=${day}/part-0.parquet`, bytes: size, rows: count },
  partition: { date: day },
});

/** Two batches of orders; the second file of the last day was refused. */
export function facts(more: Partial<Facts> = {}): Facts {
  return {
    stage: 'local',
    writtenAt: '2025-05-02T09:00:00.000Z',
    control: {
      ...{ pk: 'control', sk: 'control', epoch: 'e', fence: 2, arrived: 3, planned: 3, nextNumber: 3 },
      orphans: { order_items: { waiting: 4, oldestSince: '2025-05-02T07:00:00Z' } },
    },
    batches: [batch(1, 'DONE'), batch(2, 'DONE')],
    files: [
      fileItem('f1', 'ARCHIVED', { key: 'raw/orders/day-1.csv', batch: 1, rows: rows(10, 1, 2) }),
      fileItem('f2', 'ARCHIVED', { key: 'raw/orders/day-2.csv', batch: 2, rows: rows(1234, 2) }),
      fileItem('f3', 'REJECTED', {
        key: 'raw/orders/day-2-again.csv',
        batch: 2,
        reasons: [{ rule: 'EMPTY_FILE', column: null, message: 'The file has no content; upload it again.' }],
      }),
    ],
    run: {
      arn: 'arn:aws:states:us-east-1:000000000000:execution:lakehouse-local-ingest:run-2',
      status: 'SUCCEEDED',
      startedAt: '2025-05-02T06:00:00.000Z',
      endedAt: '2025-05-02T06:01:30.000Z',
      ...{ definition, events: goodRun },
    },
    tables: tables.map((table) =>
      table.name === 'orders'
        ? {
            table,
            commits: [
              {
                ...{ version: 1, timestamp: '2025-05-02T07:00:30.000Z', operation: 'MERGE', batch: 2 },
                ...{ engineInfo: 'Spark', rows: { inserted: 8, updated: 1, deleted: 0 } },
              },
              {
                ...{
                  version: 0,
                  timestamp: '2025-05-02T06:00:30.000Z',
                  operation: 'CREATE TABLE',
                  batch: null,
                },
                ...{ engineInfo: 'Spark', rows: null },
              },
            ],
            snapshot: {
              version: 1,
              files: [data('2025-05-01', 1_500, 8), data('2025-05-02', 2_500_000, 9)],
              removed: new Map(),
            },
          }
        : { table, commits: [], snapshot: undefined },
    ),
    rejects: [
      { dataset: 'orders', batch: 1, rule: 'NULL_KEY', lines: 1 },
      { dataset: 'orders', batch: 2, rule: 'NULL_KEY', lines: 1 },
      { dataset: 'order_items', batch: 2, rule: 'NULL_KEY', lines: 1 },
      { dataset: 'orders', batch: 2, rule: 'SCALE', lines: 1 },
    ],
    samples: [
      {
        ...{ table: 'orders', columns: ['a', 'b'], withheld: ['c'] },
        rows: [
          ['1', null],
          ['2', 'two'],
        ],
      },
    ],
    ...more,
  };
}

export { batch };

/** What would run a script and load a picture if it became markup. */
const EVIL = '"><img src=x onerror=alert(1)></td></style><script>alert(1)</script>';

/** Facts in which every name, cell, reason and error is markup. */
export function hostile(): Facts {
  const usual = facts();
  return facts({
    stage: EVIL,
    batches: [batch(1, 'OPEN', { lastError: EVIL })],
    files: usual.files.map((file) => ({
      ...file,
      key: `raw/${EVIL}`,
      dataset: EVIL,
      reasons: [{ rule: EVIL, column: EVIL, message: EVIL }],
    })),
    run: {
      ...usual.run!,
      arn: EVIL,
      status: EVIL,
      definition: usual.run!.definition.replaceAll('LoadA', 'Load<A>&'),
    },
    tables: usual.tables.map((table) => ({
      ...table,
      commits: table.commits.map((commit) => ({ ...commit, operation: EVIL, engineInfo: EVIL })),
    })),
    rejects: [{ dataset: EVIL, batch: 1, rule: EVIL, lines: 1 }],
    samples: [{ table: 'orders', columns: [EVIL], withheld: [EVIL], rows: [[EVIL]] }],
  });
}
