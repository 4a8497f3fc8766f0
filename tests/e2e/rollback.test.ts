import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type RollbackOutput } from '../../generated/types/outputs/rollback';
import { alertInbox } from './alerts';
import { json, Lakehouse, succeeded, until } from './lakehouse';
import { csv, range, row } from './rows';

jest.setTimeout(900_000);

const cloud = new Lakehouse();
const WAREHOUSE = 'lakehouse-dwh-local-000000000000';

beforeAll(() => cloud.up());
afterAll(() => cloud.remove());

function orders(from: number, to: number, amount = '12.50'): string[] {
  return csv(
    'orders',
    range(from, to).map((key) => row('orders', key, { total_amount: amount })),
  );
}

function items(...keys: (number | '')[]): string[] {
  return csv(
    'order_items',
    keys.map((key) => row('order_items', key, { order_id: String(key || 1), product_id: '1' })),
  );
}

interface Status {
  files: Record<string, number>;
  entries: { number: number; state: string; rollsBack: number | null }[];
}

async function status(): Promise<Status> {
  return json(succeeded(await cloud.lakehouse('status', '--json'))) as Status;
}

/** What readers see, rejects and waiting rows included, but for the batch that wrote it. */
async function contents(): Promise<unknown> {
  const tables = {
    products: 'product_id, product_name',
    orders: 'order_id, total_amount',
    order_items: 'id, order_id',
    order_items_rejects: 'line, file_id',
    order_items_orphans: 'id, order_id',
  };
  const rows = Object.entries(tables).map(([table, columns]) =>
    cloud.query(`SELECT ${columns} FROM ${table} ORDER BY ${columns}`),
  );
  return Promise.all(rows);
}

describe('a batch that turns out to be wrong when others have loaded after it', () => {
  const first = cloud.file('orders/first.csv', orders(1, 5));
  let good: unknown;
  let all: unknown;

  it('only shows in a dry run what a rollback would undo', async () => {
    await cloud.ingest(
      cloud.file('products/first.csv', csv('products', [row('products', 1)])),
      first,
      // the last one waits for an order
      cloud.file('order_items/first.csv', items(1, 2, 8)),
    );
    // brings the order that one waits for, and a line to reject
    await cloud.ingest(
      cloud.file('orders/wrong.csv', orders(5, 8, '9999.00')),
      cloud.file('order_items/wrong.csv', items(7, '')),
    );
    // the first file again, which is written nowhere but in the ledger
    await cloud.ingest(
      cloud.file('orders/later.csv', orders(9, 9)),
      cloud.file('order_items/later.csv', items(9)),
      first,
    );
    all = await contents();
    const before = await status();

    const shown = succeeded(await cloud.lakehouse('rollback', '--batch', '2', '--dry-run', '--json'));
    const output = json(shown) as RollbackOutput;
    expect(output).toMatchObject({ batch: 2, entry: null, state: 'PLANNED', batches: [2, 3] });
    expect(output.files.map(({ key, fate }) => [key.replace('raw/', ''), fate]).sort()).toEqual(
      [
        ['order_items/wrong.csv', 'WITHDRAWN'],
        ['orders/wrong.csv', 'WITHDRAWN'],
        ['order_items/later.csv', 'QUEUED'],
        ['orders/later.csv', 'QUEUED'],
        ['orders/first.csv', 'QUEUED'],
      ].sort(),
    );
    expect(await status()).toEqual(before);
    expect(await contents()).toEqual(all);
  });

  it('is taken out of every table, later batches load again without it, and somebody is told', async () => {
    const alerts = await alertInbox(cloud);
    const output = json(
      succeeded(await cloud.lakehouse('rollback', '--batch', '2', '--json')),
    ) as RollbackOutput;

    expect(output).toMatchObject({ batch: 2, entry: 4, state: 'DONE', batches: [2, 3] });
    expect(new Set(output.files.map(({ fate, state }) => `${fate} ${state}`))).toEqual(
      new Set(['WITHDRAWN WITHDRAWN', 'QUEUED ARCHIVED']),
    );
    const { entries } = await status();
    expect(entries.map(({ number, state, rollsBack }) => [number, state, rollsBack])).toEqual([
      [5, 'DONE', null],
      [4, 'DONE', 2],
      [3, 'ROLLED_BACK', null],
      [2, 'ROLLED_BACK', null],
      [1, 'DONE', null],
    ]);
    expect(await cloud.query('SELECT order_id, total_amount FROM orders ORDER BY order_id')).toEqual(
      [1, 2, 3, 4, 5, 9].map((key) => ({ order_id: String(key), total_amount: '12.50' })),
    );
    expect(await cloud.query('SELECT id FROM order_items ORDER BY id')).toEqual(
      ['1', '2', '9'].map((id) => ({ id })),
    );
    expect(await cloud.query('SELECT id FROM order_items_orphans')).toEqual([{ id: '8' }]);
    expect(await cloud.query('SELECT line FROM order_items_rejects')).toEqual([]);
    await until('an alert', async () =>
      (await alerts()).some((body) => body.includes('Batch 2 was rolled back')),
    );
    good = await contents();
  });

  it('is loaded again by replay, which undoes the rollback', async () => {
    succeeded(await cloud.lakehouse('replay', '--batch', '2', '--json'));
    expect(await contents()).toEqual(all);
  });

  it('is rolled back to its end when the cloud is killed in the middle', async () => {
    const running = cloud.lakehouse('rollback', '--batch', '6', '--timeout', '120s');
    await until('the rollback is open', async () => {
      const [last] = (await status()).entries;
      return last?.rollsBack === 6 && last.state === 'OPEN';
    });
    process.kill(cloud.pid, 'SIGKILL');
    await running;

    await cloud.up();
    await cloud.ingest(cloud.file('products/next.csv', csv('products', [row('products', 1)])));
    const { entries } = await status();
    expect(entries.slice(0, 3).map(({ number, state, rollsBack }) => [number, state, rollsBack])).toEqual([
      [8, 'DONE', null],
      [7, 'DONE', 6],
      [6, 'ROLLED_BACK', null],
    ]);
    expect(await contents()).toEqual(good);
  });

  it('leaves items whose orders go back with it as rows that wait, and they return with the orders', async () => {
    await cloud.ingest(
      cloud.file('orders/eleven.csv', orders(11, 12)),
      cloud.file('order_items/eleven.csv', items(11)),
    );
    await cloud.ingest(cloud.file('order_items/twelve.csv', items(12)));
    const loaded = await contents();
    const entry = (await status()).entries[1]?.number;
    const { history } = json(succeeded(await cloud.lakehouse('status', 'orders', '--json'))) as {
      history: { version: number; batch: number | null }[];
    };
    const own = history.filter(({ batch }) => batch === entry).map(({ version }) => version);
    const version = Math.min(...own) - 1;
    const to = ['rollback', '--table', 'orders', '--to-version'];
    const wrong = await cloud.lakehouse(...to, String(history[0]?.version));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('nothing to roll back')]);

    const shown = json(
      succeeded(await cloud.lakehouse(...to, String(version), '--dry-run', '--json')),
    ) as RollbackOutput;
    expect(shown).toMatchObject({
      batch: entry,
      dataset: 'orders',
      state: 'PLANNED',
      batches: [entry, entry! + 1],
    });
    expect(shown.files.map(({ key, fate }) => `${key.replace('raw/', '')} ${fate}`).sort()).toEqual([
      'order_items/eleven.csv QUEUED',
      'order_items/twelve.csv QUEUED',
      'orders/eleven.csv WITHDRAWN',
    ]);
    expect(await contents()).toEqual(loaded);

    succeeded(await cloud.lakehouse(...to, String(version), '--json'));
    expect(await cloud.query("SELECT order_id FROM orders WHERE order_id IN ('11', '12')")).toEqual([]);
    expect(await cloud.query("SELECT id FROM order_items WHERE id IN ('11', '12')")).toEqual([]);
    expect(
      await cloud.query("SELECT id FROM order_items_orphans WHERE id IN ('11', '12') ORDER BY id"),
    ).toEqual([{ id: '11' }, { id: '12' }]);

    succeeded(await cloud.lakehouse('replay', '--batch', String(entry), '--json'));
    expect(await contents()).toEqual(loaded);
  });

  it('is not rolled back twice, nor to a version of which a file is gone', async () => {
    const last = (await status()).entries[0]?.number;
    const again = await cloud.lakehouse('rollback', '--batch', '2');
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('rolled back already, by entry 4'),
    ]);

    const s3 = new S3Client({ ...cloud.client, forcePathStyle: true });
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: WAREHOUSE, Prefix: 'orders/date=' }),
    );
    for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: WAREHOUSE, Key }));
    const gone = await cloud.lakehouse('rollback', '--batch', '5');
    expect([gone.code, gone.stderr]).toEqual([
      1,
      expect.stringMatching(/orders is not available any more: .* gone/),
    ]);
    expect((await status()).entries[0]?.number).toBe(last);
  });
});
