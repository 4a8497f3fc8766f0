import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SFNClient } from '@aws-sdk/client-sfn';
import { alertInbox } from './alerts';
import { type Ingested, json, Lakehouse, succeeded, until } from './lakehouse';
import { redefine } from './redefine';
import { csv, range, row } from './rows';

jest.setTimeout(900_000);

const cloud = new Lakehouse();
const CHECK =
  "SELECT 'orders_plausible' AS name, count(*) AS violations FROM orders WHERE _batch = :batch AND total_amount > 1000";
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:lakehouse-local-ingest';

beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

/** Deploys the machine with a check of the operator's own behind ours, or with ours alone: no row rule knows it. */
async function validate(check: string | undefined): Promise<void> {
  await redefine(
    new SFNClient(cloud.client),
    { machine: MACHINE, alias: `${MACHINE}:live` },
    (definition) => {
      const { States } = definition as { States: { ValidateTables: { Arguments: { QueryString: string } } } };
      const query = States.ValidateTables.Arguments;
      query.QueryString = query.QueryString.replace(` UNION ALL ${CHECK}`, '');
      // behind the end of the query, which is a string in the expression
      if (check !== undefined)
        query.QueryString = query.QueryString.replace('", ":batch"', ` UNION ALL ${check}$&`);
      return definition;
    },
  );
}

function orders(from: number, to: number, amount = '12.50'): string[] {
  return csv(
    'orders',
    range(from, to).map((key) => row('orders', key, { total_amount: amount })),
  );
}

function items(from: number, to: number): string[] {
  return csv(
    'order_items',
    range(from, to).map((key) => row('order_items', key, { order_id: String(key), product_id: '1' })),
  );
}

interface Status {
  files: Record<string, number>;
  entries: { number: number; state: string; jobRuns: number; violations: number | null }[];
}

async function status(): Promise<Status> {
  return json(succeeded(await cloud.lakehouse('status', '--json'))) as Status;
}

async function history(table: string): Promise<{ operation: string; batch: number; timestamp: string }[]> {
  const { history } = json(succeeded(await cloud.lakehouse('status', table, '--json'))) as {
    history: { operation: string; batch: number; timestamp: string }[];
  };
  return history;
}

/** What readers see, rejects and waiting rows included. */
async function contents(): Promise<unknown> {
  const orderBy = {
    products: 'product_id',
    orders: 'order_id',
    order_items: 'id',
    order_items_rejects: 'line',
    order_items_orphans: 'id',
  };
  const rows = Object.entries(orderBy).map(([table, column]) =>
    cloud.query(`SELECT * FROM ${table} ORDER BY ${column}`),
  );
  return Promise.all(rows);
}

describe('a batch that brings violations which no row rule sees', () => {
  let before: unknown;

  it('follows batches that are not held for what others left in the tables before', async () => {
    await cloud.ingest(
      cloud.file('products/good.csv', csv('products', [row('products', 1)])),
      cloud.file('orders/good.csv', orders(1, 4)),
      // nothing checks its amount yet
      cloud.file('orders/old.csv', orders(5, 5, '7000.00')),
      // the last one waits for an order
      cloud.file('order_items/good.csv', [...items(1, 5), ...items(8, 8).slice(1)]),
    );
    await validate(CHECK);
    const outcome = await cloud.ingest(cloud.file('orders/fine.csv', orders(6, 7)));
    expect(outcome.validation).toContainEqual({ name: 'orders_plausible', passed: true, violations: 0 });
    before = await contents();
  });

  it('is taken out of all tables, its files stay, and somebody is told what to do', async () => {
    const alerts = await alertInbox(cloud);
    const finished = await cloud.lakehouse(
      'ingest',
      cloud.file('orders/dear.csv', orders(8, 9, '5000.00')),
      // with the order that one waits for, a line to merge, one that waits and one to reject
      cloud.file('order_items/dear-items.csv', [
        ...items(9, 9),
        ...items(77, 77).slice(1),
        ...items(1, 1).slice(0, 1),
      ]),
      cloud.file('orders/wrong.csv', ['a,b', '1,2']),
      '--json',
    );

    expect(finished.code).toBe(1);
    const outcome = json(finished) as Ingested;
    expect(
      Object.fromEntries(outcome.files.map(({ key, state, rows }) => [key.split('/').at(-1), [state, rows]])),
    ).toEqual({
      'dear.csv': ['WITHDRAWN', null],
      'dear-items.csv': ['WITHDRAWN', null],
      'wrong.csv': ['REJECTED', null],
    });
    expect(outcome.validation).toContainEqual({ name: 'orders_plausible', passed: false, violations: 2 });
    expect((await status()).entries[0]).toMatchObject({ state: 'WITHDRAWN', jobRuns: 4, violations: 2 });
    expect(await contents()).toEqual(before);
    await until('an alert', async () => (await alerts()).some((body) => body.includes('was withdrawn')));

    const [restored, merged] = await history('orders');
    expect([restored, merged]).toMatchObject([
      { operation: 'RESTORE', batch: 3 },
      { operation: 'MERGE', batch: 3 },
    ]);
    const seconds = (Date.parse(restored?.timestamp ?? '') - Date.parse(merged?.timestamp ?? '')) / 1000;
    expect(seconds).toBeGreaterThan(0);
    process.stderr.write(`readers saw the batch for ${seconds} s\n`);
  });

  it('is withdrawn to its end when the cloud is killed in the middle', async () => {
    const running = cloud.lakehouse(
      'ingest',
      cloud.file('orders/killed.csv', orders(10, 11, '6000.00')),
      '--timeout',
      '120s',
    );
    await until('the batch is being withdrawn', async () => {
      const [last] = (await status()).entries;
      return last?.state === 'WITHDRAWING';
    });
    process.kill(cloud.pid, 'SIGKILL');
    await running;

    await cloud.up();
    await cloud.ingest(cloud.file('products/next.csv', csv('products', [row('products', 1)])));
    const { entries, files } = await status();
    expect(entries.slice(0, 2).map(({ number, state }) => [number, state])).toEqual([
      [5, 'DONE'],
      [4, 'WITHDRAWN'],
    ]);
    expect(files['WITHDRAWN']).toBe(3);
    expect(await contents()).toEqual(before);
  });

  it('loads by replay under a new number once the check is corrected', async () => {
    await validate(undefined);
    succeeded(await cloud.lakehouse('replay', '--failed', '--json'));
    const [last] = (await status()).entries;
    expect(last).toMatchObject({ state: 'DONE', violations: 0 });
    expect(await cloud.query('SELECT count(*) AS n, count(DISTINCT order_id) AS k FROM orders')).toEqual([
      { n: 11, k: 11 },
    ]);
    expect(await cloud.query('SELECT id FROM order_items_orphans ORDER BY id')).toEqual([{ id: '77' }]);
  });
});
