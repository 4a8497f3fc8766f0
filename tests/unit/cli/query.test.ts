import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import querySchema from '../../../schemas/outputs/query.schema.json';
import rejectsSchema from '../../../schemas/outputs/rejects.schema.json';
import systemColumns from '../../../schemas/tables/system-columns.json';
import { CommandFailed, UsageError } from '../../../src/cli/errors';
import { runQuery } from '../../../src/cli/query/athena';
import { differingCounts } from '../../../src/cli/query/counts';
import { jsonValue, writeResult } from '../../../src/cli/query/query';
import { rejects, rejectsSql, requireDataset } from '../../../src/cli/query/rejects';
import { checker } from '../../../src/schema/validator';
import { FakeAthena, FakeTerminal, never } from './fakes';

const columns = [
  { name: 'n', type: 'bigint' },
  { name: 'ok', type: 'boolean' },
  { name: 'amount', type: 'decimal' },
  { name: 'at', type: 'timestamp' },
  { name: 'name', type: 'varchar' },
];
const header = columns.map(({ name }) => name);
const first = ['9007199254740993', 'true', '12.50', '2025-05-01 10:00:00.000', 'a "b"'];
const second = [null, 'false', null, null, ''];

async function json(athena: FakeAthena): Promise<string> {
  const terminal = new FakeTerminal();
  await writeResult(terminal, await runQuery(athena, 'SELECT 1', never), true);
  return terminal.stdout;
}

describe('a query', () => {
  it('gives every row of every page; integers and booleans native, the rest text, null kept', async () => {
    const text = await json(
      new FakeAthena([
        { columns, rows: [header, first], nextToken: '1' },
        { columns, rows: [second], nextToken: undefined },
      ]),
    );
    // JSON.parse would round the bigint
    expect(text).toContain('"n": 9007199254740993');
    expect(JSON.parse(text)).toMatchObject([
      { ok: true, amount: '12.50', at: '2025-05-01 10:00:00.000', name: 'a "b"' },
      { n: null, ok: false, amount: null, at: null, name: '' },
    ]);
    expect(checker(querySchema)(JSON.parse(text))).toMatchObject({ ok: true });
  });

  it('gives an empty array for no rows', async () => {
    expect(await json(new FakeAthena([{ columns, rows: [header], nextToken: undefined }]))).toBe('[]\n');
  });

  it('keeps the first row of a statement that has no header row', async () => {
    const page = {
      columns: [{ name: 'tab_name', type: 'string' }],
      rows: [['orders']],
      nextToken: undefined,
    };
    expect(JSON.parse(await json(new FakeAthena([page], ['SUCCEEDED'], '', 'UTILITY')))).toEqual([
      { tab_name: 'orders' },
    ]);
  });

  it('fails with the reason and a hint', async () => {
    const failing = new FakeAthena([], ['FAILED'], 'TABLE_NOT_FOUND: line 1:15: Table order does not exist');
    const outcome = runQuery(failing, 'SELECT * FROM order', never);
    await expect(outcome).rejects.toThrow(CommandFailed);
    await expect(outcome).rejects.toThrow(/Table order does not exist.*lakehouse status/u);
  });

  it('is stopped on the service when it is interrupted', async () => {
    const athena = new FakeAthena([], ['RUNNING']);
    await expect(runQuery(athena, 'SELECT 1', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(athena.stopped).toEqual(['q-1']);
  });

  it('refuses to write two columns of one name, of which JSON would lose one', async () => {
    const twice = [
      { name: 'a', type: 'integer' },
      { name: 'a', type: 'integer' },
    ];
    const athena = new FakeAthena([{ columns: twice, rows: [['a', 'a']], nextToken: undefined }]);
    await expect(json(athena)).rejects.toThrow('several columns named a');
  });

  it('shows a table to people, without the control characters of the data', async () => {
    const terminal = new FakeTerminal();
    const rows = [['name'], ['red\u001b[31m']];
    const page = { columns: [{ name: 'name', type: 'varchar' }], rows, nextToken: undefined };
    await writeResult(terminal, await runQuery(new FakeAthena([page]), 'SELECT 1', never), false);
    expect(terminal.stdout).toContain('red\uFFFD[31m');
    expect(terminal.notes).toEqual(['1 rows']);
  });

  it('gives a JSON value that parses, whatever the text and the type are', () => {
    const types = fc.constantFrom('integer', 'bigint', 'boolean', 'double', 'decimal', 'varchar', 'date');
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom('NaN', '-Infinity', '', 'true', '-0', '1.0E5', '1e999', '007', '.5'),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(fc.option(texts), types, (text, type) => {
        const value: unknown = JSON.parse(jsonValue(text, type));
        if (text === null) expect(value).toBeNull();
        else expect([text, Number(text), text === 'true']).toContainEqual(value);
      }),
    );
  });
});

describe('rejects', () => {
  const page = (reasons: string) => ({
    columns: ['file', 'reasons', 'raw'].map((name) => ({ name, type: 'varchar' })),
    rows: [
      ['file', 'reasons', 'raw'],
      ['raw/orders/a.csv', reasons, '1,2'],
    ],
    nextToken: undefined,
  });

  it('gives each line with all its reasons', async () => {
    const reasons = [
      { rule: 'SCALE', column: 'total_amount', message: 'has 3 decimals' },
      { rule: 'MALFORMED', column: null, message: 'too few' },
    ];
    const terminal = new FakeTerminal();
    const athena = new FakeAthena([page(JSON.stringify(reasons))]);
    await rejects('orders', athena, terminal, true, never);
    const document: unknown = JSON.parse(terminal.stdout);
    expect(document).toEqual([{ file: 'raw/orders/a.csv', reasons, raw: '1,2' }]);
    expect(checker(rejectsSchema)(document)).toMatchObject({ ok: true });
    expect(athena.started).toEqual([rejectsSql('orders')]);
  });

  it('fails rather than show reasons of another shape', async () => {
    const athena = new FakeAthena([page('[["SCALE","total_amount","x"]]')]);
    await expect(rejects('orders', athena, new FakeTerminal(), true, never)).rejects.toThrow('another shape');
  });

  it('reads only columns that the rejects table has', () => {
    const names = systemColumns.rejects.map(({ name }) => name);
    const words = rejectsSql('orders').match(/\b[a-z_]+\b/gu) ?? [];
    const columnWords = words.filter((word) => !['json_format', 'orders_rejects'].includes(word));
    expect(names).toEqual(expect.arrayContaining(columnWords));
  });

  it('refuses an unknown dataset', () => {
    expect(() => {
      requireDataset('order', ['orders']);
    }).toThrow(UsageError);
  });
});

describe('the counts behind npm start', () => {
  it('name a table whose rows Athena counts otherwise', async () => {
    const count = {
      columns: [{ name: '_col0', type: 'bigint' }],
      rows: [['_col0'], ['4']],
      nextToken: undefined,
    };
    const athena = new FakeAthena([count]);
    const tables = [
      { name: 'orders', rows: 4, version: 1 },
      { name: 'products', rows: 5, version: 1 },
    ];
    expect(await differingCounts(athena, tables, never)).toEqual([
      'products: Athena counts 4 rows, the batch log says 5',
    ]);
  });
});
