import { describe, expect, it } from '@jest/globals';
import { CommandFailed, UsageError } from '../../../src/cli/errors';
import {
  type AsOfPorts,
  parseAsOf,
  queryAsOf,
  requireTimeTravel,
  type TravelAnswer,
  type TravelRequest,
} from '../../../src/cli/query/asOf';

const commit = (version: number, timestamp: string | null) => ({
  ...{ version, timestamp, operation: 'MERGE', engineInfo: null, batch: version, rows: null },
});
const commits: Readonly<Record<string, ReturnType<typeof commit>[]>> = {
  orders: [commit(2, '2025-05-03T08:00:00Z'), commit(1, '2025-05-02T08:00:00Z'), commit(0, null)],
  products: [commit(0, '2025-05-03T07:00:00Z')],
};

function ports(
  answer: TravelAnswer,
  log: (table: string) => ReturnType<typeof commit>[] = (table) => commits[table]!,
): AsOfPorts & { readonly asked: TravelRequest[] } {
  const asked: TravelRequest[] = [];
  return {
    asked,
    warehouse: 'dwh',
    tables: Object.keys(commits),
    commits: (table) => Promise.resolve(log(table)),
    travel(request) {
      asked.push(request);
      return Promise.resolve(answer);
    },
  };
}
const answer = { columns: [{ name: 'n', type: 'bigint' }], rows: [['1'], [null]] };
const versions = (request: TravelRequest | undefined): unknown =>
  Object.fromEntries(Object.entries(request?.tables ?? {}).map(([name, { version }]) => [name, version]));

describe('the moment of a query', () => {
  it('is a version, a date, or a timestamp in UTC', () => {
    expect(parseAsOf('3')).toEqual({ version: 3 });
    for (const text of [
      '2025-05-01',
      '2025-05-01T00:00',
      '2025-05-01 00:00:00',
      '2025-05-01T00:00:00.000Z',
    ]) {
      expect(parseAsOf(text)).toEqual({ at: new Date('2025-05-01T00:00:00Z') });
    }
  });

  it.each(['', '-1', 'yesterday', '2025-13-01', '2025-05-01T25:00', '99999999999999999999', '1.5'])(
    'is not %j',
    (text) => {
      expect(() => parseAsOf(text)).toThrow(UsageError);
    },
  );
});

describe('a query as of a moment', () => {
  it('reads of each table the last commit until then, and of one that came later none', async () => {
    const at = ports(answer);
    const { columns, rows } = await queryAsOf('SELECT 1', parseAsOf('2025-05-02T09:00'), at);
    expect(versions(at.asked[0])).toEqual({ orders: 1, products: null });
    expect(at.asked[0]).toMatchObject({ single: false, sql: 'SELECT 1' });
    expect(at.asked[0]?.tables['orders']?.location).toBe('s3://dwh/orders');
    expect(columns).toEqual(answer.columns);
    const all = [];
    for await (const row of rows) all.push(row);
    expect(all).toEqual(answer.rows);
  });

  it('reads one table at a version, if the table has it', async () => {
    const at = ports(answer);
    await queryAsOf('SELECT 1', parseAsOf('2'), at);
    expect(versions(at.asked[0])).toEqual({ orders: 2, products: null });
    expect(at.asked[0]?.single).toBe(true);
  });

  it('fails with the reason', async () => {
    const failing = queryAsOf('SELECT 1', parseAsOf('2'), ports({ failed: 'TABLE_NOT_FOUND: x' }));
    await expect(failing).rejects.toThrow(new CommandFailed('The query failed: TABLE_NOT_FOUND: x'));
  });

  it('fails with who removed the files that only older versions had', async () => {
    const vacuumed = { ...commit(3, '2025-05-04T08:00:00Z'), operation: 'VACUUM END' };
    const log = (table: string) => (table === 'orders' ? [vacuumed, ...commits['orders']!] : []);
    const at = ports({ failed: 'file not found' }, log);
    await expect(queryAsOf('SELECT 1', parseAsOf('1'), at)).rejects.toThrow(
      /^The query failed: file not found\. Files of orders that only older versions had were removed by entry 3 of the log/,
    );
    await expect(queryAsOf('SELECT 1', parseAsOf('3'), at)).rejects.toThrow(
      /^The query failed: file not found$/,
    );
  });

  it('says on AWS that Athena cannot, and what can', () => {
    expect(() => {
      requireTimeTravel('local', 'local');
    }).not.toThrow();
    expect(() => {
      requireTimeTravel('prod', 'local');
    }).toThrow(/Athena reads only the newest version.*versionAsOf.*status TABLE --stage prod/u);
  });
});
