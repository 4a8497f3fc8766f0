import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { type CostOutput } from '../../generated/types/outputs/cost';
import { type DiffOutput } from '../../generated/types/outputs/diff';
import { type StatusTableOutput } from '../../generated/types/outputs/statusTable';
import { Tally } from '../../src/sample/expected';
import { type Ingested, json, Lakehouse, succeeded } from './lakehouse';
import { csv, header, planted, range, row } from './rows';

jest.setTimeout(600_000);

const cloud = new Lakehouse();

const products = csv(
  'products',
  range(1, 20).map((key) => row('products', key)),
);
const orders = csv(
  'orders',
  range(1, 50).map((key) => row('orders', key)),
);
const items = csv(
  'order_items',
  range(1, 200).map((key) =>
    row('order_items', key, { order_id: String((key % 50) + 1), product_id: String((key % 20) + 1) }),
  ),
);

function versions(outcome: Ingested): Record<string, number> {
  return Object.fromEntries(outcome.tables.map(({ name, version }) => [name, version]));
}

function rowsOf(outcome: Ingested): Record<string, number> {
  return Object.fromEntries(outcome.tables.map(({ name, rows }) => [name, rows]));
}

const nothing = new Tally().rows;

beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

describe('a lakehouse from empty tables', () => {
  it('keeps items whose parents have not arrived as orphans, and that is no failure', async () => {
    const outcome = await cloud.ingest(cloud.file('order_items/first.csv', items));

    expect(outcome.files).toMatchObject([
      { dataset: 'order_items', state: 'ARCHIVED', rows: { ...nothing, read: 200, orphaned: 200 } },
    ]);
    expect(rowsOf(outcome)).toEqual({ products: 0, orders: 0, order_items: 0 });
    expect(outcome.validation.every(({ passed }) => passed)).toBe(true);
  });

  it('tells what a batch has used: its runs on the workers of the plan, and the states of its execution', async () => {
    const { bills } = json(succeeded(await cloud.lakehouse('cost', '--batch', '1', '--json'))) as CostOutput;
    const amounts = Object.fromEntries(bills[0]?.lines.map(({ what, amount }) => [what, amount]) ?? []);

    // three runs that create the tables, on two G.1X each, for a minute at least
    expect(amounts['Glue, DPU-seconds']).toBeGreaterThanOrEqual(3 * 2 * 60);
    expect(amounts['Step Functions, transitions']).toBeGreaterThanOrEqual(30);
  });

  it('merges the waiting items in the run in which their parents arrive', async () => {
    const outcome = await cloud.ingest(
      cloud.file('products/first.csv', products),
      cloud.file('orders/first.csv', orders),
    );

    expect(outcome.files.map(({ dataset, state, rows }) => [dataset, state, rows?.inserted])).toEqual([
      ['orders', 'ARCHIVED', 50],
      ['products', 'ARCHIVED', 20],
    ]);
    expect(rowsOf(outcome)).toEqual({ products: 20, orders: 50, order_items: 200 });
    expect(outcome.batches).toMatchObject([{ jobRuns: 3 }]);
    expect(await cloud.query('SELECT count(*) AS waiting FROM order_items_orphans')).toEqual([
      { waiting: 0 },
    ]);
  });

  it('changes no table when the same files are delivered again', async () => {
    const before = versions(await cloud.ingest(cloud.file('products/again.csv', products)));
    const outcome = await cloud.ingest(
      cloud.file('orders/again.csv', orders),
      cloud.file('order_items/again.csv', items),
    );

    expect(versions(outcome)).toEqual(before);
    expect(outcome.files.map(({ rows }) => rows?.unchanged)).toEqual([200, 50]);
  });

  it('counts exactly ten changed and ten new orders', async () => {
    const changed = range(1, 10).map((key) => row('orders', key, { total_amount: '99.99' }));
    const added = range(51, 60).map((key) => row('orders', key));
    const outcome = await cloud.ingest(
      cloud.file('orders/second.csv', csv('orders', [...changed, ...added])),
    );

    expect(outcome.files[0]?.rows).toEqual({ ...nothing, read: 20, inserted: 10, updated: 10 });
    expect(
      await cloud.query("SELECT count(*) AS n FROM orders WHERE total_amount = DECIMAL '99.99'"),
    ).toEqual([{ n: 10 }]);
  });

  it('tells those ten and ten as the difference of two versions, with the batch that changed them', async () => {
    const { history } = json(
      succeeded(await cloud.lakehouse('status', 'orders', '--json')),
    ) as StatusTableOutput;
    const [newest] = history;
    const to = newest?.version ?? 0;
    const output = json(
      succeeded(await cloud.lakehouse('diff', 'orders', '--from', String(to - 1), '--limit', '3', '--json')),
    ) as DiffOutput;

    expect(output.to).toEqual({ version: to, timestamp: newest?.timestamp });
    expect(output.counts).toEqual({ added: 10, changed: 10, removed: 0 });
    expect([output.added.length, output.changed.length]).toEqual([3, 3]);
    for (const { values, lineage } of output.changed) {
      expect(values).toEqual({ total_amount: { before: '12.50', after: '99.99' } });
      expect(lineage['_batch']).toBe(String(newest?.batch));
    }

    const created = json(
      succeeded(
        await cloud.lakehouse(
          'diff',
          'orders',
          '--from',
          '0',
          '--to',
          String(to - 1),
          '--limit',
          '0',
          '--json',
        ),
      ),
    ) as DiffOutput;
    expect(created).toMatchObject({ counts: { added: 50, changed: 0, removed: 0 }, added: [] });
    expect((await cloud.lakehouse('diff', 'orders', '--from', String(to + 1))).stderr).toContain(
      `has no version ${to + 1}`,
    );
  });
});

describe('files that are not as the contract says', () => {
  it('loads columns in another order by name and rejects the wrong files with their reasons, each on its own', async () => {
    const reversed = [...header('orders')].reverse();
    const [first = '', ...rest] = header('orders');
    const outcome = await cloud.ingest(
      cloud.file('orders/reversed.csv', csv('orders', [row('orders', 'R1')], reversed)),
      cloud.file('orders/missing.csv', csv('orders', [row('orders', 'M1')], rest)),
      cloud.file('orders/misspelt.csv', [[`${first}s`, ...rest].join(','), 'x,x,x,x,x,x']),
      cloud.file('orders/empty.csv', Buffer.alloc(0)),
      cloud.file('orders/packed.csv', gzipSync('not a CSV file')),
    );

    const fates = Object.fromEntries(
      outcome.files.map(({ key, state, reasons }) => {
        const rules = reasons.map(({ rule }) => rule).sort();
        return [key.split('/').at(-1) ?? key, [state, rules] as const];
      }),
    );
    expect(fates).toEqual({
      'reversed.csv': ['ARCHIVED', []],
      'missing.csv': ['REJECTED', ['MISSING_COLUMN']],
      'misspelt.csv': ['REJECTED', ['MISSING_COLUMN', 'UNKNOWN_COLUMN']],
      'empty.csv': ['REJECTED', ['EMPTY_FILE']],
      'packed.csv': ['REJECTED', ['BINARY_FILE']],
    });
    expect(outcome.files.find(({ key }) => key.endsWith('empty.csv'))?.rows).toBeNull();
    const key = header('orders')[1] ?? '';
    expect(await cloud.query(`SELECT total_amount FROM orders WHERE ${key} = 'R1'`)).toEqual([
      { total_amount: '12.50' },
    ]);
  });

  it('keeps every reason of a bad row and loads the rows around it', async () => {
    const outcome = await cloud.ingest(
      cloud.file(
        'orders/bad-rows.csv',
        csv('orders', [
          row('orders', '007'),
          row('orders', planted.order, {
            total_amount: planted.amount,
            order_timestamp: planted.timestamp,
          }),
          row('orders', '', { date: '2025-04-02' }),
        ]),
      ),
      cloud.file(
        'order_items/lost.csv',
        csv('order_items', [row('order_items', planted.item, { order_id: planted.parent })]),
      ),
    );

    expect(Object.fromEntries(outcome.files.map(({ dataset, rows }) => [dataset, rows]))).toEqual({
      orders: { ...nothing, read: 3, inserted: 1, rejected: 2 },
      order_items: { ...nothing, read: 1, orphaned: 1 },
    });
    const rejects = JSON.parse((await cloud.lakehouse('rejects', 'orders', '--json')).stdout) as {
      raw: string;
      reasons: { rule: string; column: string | null }[];
    }[];
    const rules = rejects.map(({ reasons }) => reasons.map(({ rule, column }) => `${rule} ${column}`).sort());
    expect(rules).toContainEqual(['BAD_TIMESTAMP order_timestamp', 'SCALE total_amount']);
    expect(rules).toContainEqual(['DATE_MISMATCH date', 'NULL_KEY order_id']);
    expect(await cloud.query("SELECT order_id FROM orders WHERE order_id = '007'")).toEqual([
      { order_id: '007' },
    ]);
  });
});
