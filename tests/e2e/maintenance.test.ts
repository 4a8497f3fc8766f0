import { setTimeout as pause } from 'node:timers/promises';
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type MaintainOutput } from '../../generated/types/outputs/maintain';
import { type StatusOutput } from '../../generated/types/outputs/status';
import { type Finished, json, Lakehouse, succeeded, until } from './lakehouse';
import { csv, range, row } from './rows';
import { copyService } from './serviceCopy';

jest.setTimeout(1_500_000);

const cloud = new Lakehouse();
const LOADS = 4;

/** Deployed from here, since two deploys from one folder would write over each other's package. */
const checkout = copyService();
// so few small files are no reason on any real stage
const FEW = 'npx sls deploy --stage local --param maintenanceMinFiles=3';

beforeAll(async () => {
  await cloud.up();
  succeeded(await cloud.run('bash', ['-c', `cd '${checkout.folder}' && ${FEW}`]));
});
afterAll(async () => {
  await cloud.remove();
  checkout.remove();
});

/** Orders that only this load has, and one that the third changes: its MERGE replaces the file of the first. */
function orders(load: number): string {
  const own = range(10 * load, 10 * load + 3).map((key) => row('orders', key));
  const changed = [1, 3].includes(load) ? [row('orders', 'changing', { total_amount: `${load}.00` })] : [];
  return cloud.file(`orders/${load}.csv`, csv('orders', [...own, ...changed]));
}

async function status(): Promise<StatusOutput> {
  return json(succeeded(await cloud.lakehouse('status', '--json'))) as StatusOutput;
}

function versions({ tables }: StatusOutput): Record<string, number> {
  return Object.fromEntries(tables.map(({ name, version }) => [name, version]));
}

const outputOf = (finished: Finished): MaintainOutput => json(succeeded(finished)) as MaintainOutput;

function contents(): Promise<unknown> {
  return cloud.query('SELECT order_id, total_amount, _sequence, _batch FROM orders ORDER BY order_id');
}

/** What Athena reads for a query of the whole table. */
async function scannedBytes(): Promise<number> {
  const athena = new AthenaClient(cloud.client);
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: 'SELECT * FROM orders',
      WorkGroup: 'lakehouse-local',
      QueryExecutionContext: { Database: 'lakehouse_local' },
    }),
  );
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = QueryExecution?.Status?.State;
    if (state === 'SUCCEEDED') return QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    if (state === 'FAILED') throw new Error(QueryExecution?.Status?.StateChangeReason);
    await pause(100);
  }
}

describe('a table that many small loads have left in many small files', () => {
  let before: { contents: unknown; versions: Record<string, number>; bytes: number };

  it('is only looked at in a dry run', async () => {
    await cloud.ingest(cloud.file('products/1.csv', csv('products', [row('products', 1)])), orders(1));
    for (const load of range(2, LOADS)) await cloud.ingest(orders(load));
    const shown = outputOf(await cloud.lakehouse('maintain', '--dry-run', '--json'));
    // so few files are a reason by what was deployed, not by serverless.yml
    expect(shown).toMatchObject({
      ...{ entry: null, state: 'PLANNED', tables: [] },
      planned: [{ name: 'orders', files: 3, partitions: 1, expired: 0 }],
    });
    const { entries } = await status();
    expect(entries).toHaveLength(LOADS);
    before = { contents: await contents(), versions: versions(await status()), bytes: await scannedBytes() };
  });

  it('is compacted as an entry of the log: fewer files and bytes, the same rows', async () => {
    const output = outputOf(await cloud.lakehouse('maintain', '--json'));
    expect(output).toMatchObject({ entry: LOADS + 1, state: 'DONE' });
    const table = output.tables.find(({ name }) => name === 'orders');
    expect(table).toMatchObject({ filesAfter: 1, partitionsDone: 1, partitionsLeft: 0, vacuum: 'NOT_DUE' });
    expect(table?.filesBefore).toBeGreaterThanOrEqual(3);
    expect(await contents()).toEqual(before.contents);
    const bytes = await scannedBytes();
    expect(bytes).toBeLessThan(before.bytes);
    process.stdout.write(
      `files ${table?.filesBefore} -> ${table?.filesAfter}, bytes of the table ${table?.bytesBefore} -> ${table?.bytesAfter}, ` +
        `bytes that Athena reads of it ${before.bytes} -> ${bytes}, ${table?.seconds} s\n`,
    );
    const { entries, tables } = await status();
    expect(entries[0]).toMatchObject({ kind: 'maintenance', state: 'DONE', maintenance: output.tables });
    expect(versions({ tables } as StatusOutput)['orders']).toBe((before.versions['orders'] ?? 0) + 1);
    const shown = succeeded(await cloud.lakehouse('status', 'orders')).stdout;
    expect(shown).toMatch(new RegExp(`OPTIMIZE[ │]+${LOADS + 1}[ │]`, 'u'));
  });

  it('needs it no more, whoever asks', async () => {
    expect(outputOf(await cloud.lakehouse('maintain', '--json')).state).toBe('NEEDLESS');
    const lambda = new LambdaClient(cloud.client);
    const asked = await lambda.send(
      new InvokeCommand({
        FunctionName: 'lakehouse-local-detectArrival',
        Payload: JSON.stringify({ maintenance: true }),
      }),
    );
    expect(asked.FunctionError).toBeUndefined();
    await until('nobody is at work', async () => (await status()).lease === null);
    expect((await status()).entries[0]?.number).toBe(LOADS + 1);
  });

  it('does not change when the files are delivered again', async () => {
    const compacted = versions(await status());
    // not that of the load that is rolled back below: its second delivery would load it again
    await cloud.ingest(...[1, 3, 4].map(orders));
    expect(versions(await status())).toEqual(compacted);
    expect(await contents()).toEqual(before.contents);
  });

  it('can be rolled back to before a batch that was loaded before it was compacted', async () => {
    succeeded(await cloud.lakehouse('rollback', '--batch', '2', '--json'));
    const ids = await cloud.query("SELECT order_id FROM orders WHERE order_id IN ('10', '20', '30', '40')");
    expect(ids.map((found) => found['order_id']).sort()).toEqual(['10', '30', '40']);
    expect(await cloud.query("SELECT total_amount FROM orders WHERE order_id = 'changing'")).toEqual([
      { total_amount: '3.00' },
    ]);
  });

  it('is maintained to its end when the cloud is killed in the middle', async () => {
    for (const load of range(LOADS + 1, LOADS + 3)) await cloud.ingest(orders(load));
    const rows = await contents();
    const running = cloud.lakehouse('maintain', '--timeout', '120s');
    await until('maintenance is open', async () => {
      const [last] = (await status()).entries;
      return last?.kind === 'maintenance' && last.state === 'OPEN';
    });
    process.kill(cloud.pid, 'SIGKILL');
    await running;

    await cloud.up();
    await cloud.ingest(cloud.file('products/next.csv', csv('products', [row('products', 2)])));
    const { entries } = await status();
    expect(entries.slice(0, 2).map(({ kind, state }) => [kind, state])).toEqual([
      ['load', 'DONE'],
      ['maintenance', 'DONE'],
    ]);
    expect(await contents()).toEqual(rows);
    const { history } = json(succeeded(await cloud.lakehouse('status', 'orders', '--json'))) as {
      history: { operation: string; batch: number }[];
    };
    const optimised = history.filter(({ operation, batch }) => operation === 'OPTIMIZE' && batch > LOADS + 1);
    expect(optimised).toHaveLength(1);
  });
});
