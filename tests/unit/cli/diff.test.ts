import { describe, expect, it } from '@jest/globals';
import diffSchema from '../../../schemas/outputs/diff.schema.json';
import { type TableCommit } from '../../../generated/types/outputs/statusTable';
import { diff, type DiffPorts, type DiffRequest, parseLimit } from '../../../src/cli/diff/diff';
import { renderDiff, withheld } from '../../../src/cli/diff/render';
import { columnsSql, shownColumns } from '../../../src/cli/diff/sql';
import { CommandFailed, UsageError } from '../../../src/cli/errors';
import { type ResultRow } from '../../../src/cli/query/athena';
import { parseAsOf, requireTimeTravel, type TravelRequest } from '../../../src/cli/query/asOf';
import { columnRoles } from '../../../src/contract/columnRoles';
import { tables } from '../../../src/contract/contracts';
import { checker } from '../../../src/schema/validator';

const table = tables.find(({ name }) => name === 'products')!;
const roles = columnRoles(table);
const names = table.columns.map(({ name }) => name);
const [changing = '', ...others] = roles.values;

const commit = (version: number, timestamp: string | null): TableCommit => ({
  ...{ version, timestamp, operation: 'MERGE', engineInfo: null, batch: version, rows: null },
});
const commits = [commit(5, '2025-05-03T08:00:00Z'), commit(4, '2025-05-02T08:00:00Z'), commit(3, null)];

interface Answers {
  readonly counts?: readonly ResultRow[];
  readonly rows?: readonly ResultRow[];
  readonly columnsBefore?: readonly string[];
  readonly failed?: string;
}

/** Two versions whose queries have these answers. */
class FakeVersions implements DiffPorts {
  readonly warehouse = 'dwh';
  readonly asked: TravelRequest[] = [];

  constructor(
    private readonly answers: Answers = {},
    private readonly log: readonly TableCommit[] = commits,
  ) {}

  commits = (): Promise<readonly TableCommit[]> => Promise.resolve(this.log);

  travel = (request: TravelRequest): ReturnType<DiffPorts['travel']> => {
    this.asked.push(request);
    const { counts = [], rows = [], columnsBefore = names, failed } = this.answers;
    if (failed !== undefined) return Promise.resolve({ failed });
    const { sql } = request;
    const has = sql === columnsSql('before') ? columnsBefore : names;
    return Promise.resolve({
      columns: has.map((name) => ({ name, type: 'varchar' })),
      rows: sql.includes('LIMIT 0') ? [] : sql.includes('count(*)') ? counts : rows,
    });
  };
}

function request(from: string, to?: string): DiffRequest {
  return { table, from: parseAsOf(from), to: to === undefined ? undefined : parseAsOf(to), limit: 20 };
}

/** A row as the SQL gives it: cells before and after by column, `same` where nothing is said. */
function answered(change: string, cells: Readonly<Record<string, readonly [string | null, string | null]>>) {
  const shown = shownColumns(roles, { before: names, after: names });
  return [
    change,
    ...shown.flatMap((name) => {
      const [before, after] = cells[name] ?? ['same', 'same'];
      return [before, after, String(before !== after)];
    }),
  ];
}
const changedRow = answered('changed', { [changing]: ['1', null], _batch: ['4', '5'] });

describe('the difference of two versions', () => {
  it('has the counts, the rows, and of a changed row only the columns that differ, with the batch that changed it', async () => {
    const versions = new FakeVersions({
      counts: [
        ['changed', '1'],
        ['added', '1'],
      ],
      rows: [answered('added', Object.fromEntries(names.map((name) => [name, [null, 'new']]))), changedRow],
    });
    const output = await diff(request('4'), versions);
    expect(checker(diffSchema)(output)).toMatchObject({ ok: true });
    expect(output).toMatchObject({
      table: 'products',
      from: { version: 4, timestamp: '2025-05-02T08:00:00Z' },
      to: { version: 5 },
      counts: { added: 1, changed: 1, removed: 0 },
    });
    expect(output.added[0]?.values).toEqual(Object.fromEntries(roles.values.map((name) => [name, 'new'])));
    expect(output.changed[0]?.values).toEqual({ [changing]: { before: '1', after: null } });
    expect(output.changed[0]?.lineage['_batch']).toBe('5');
    expect(output.removed).toEqual([]);
  });

  it('is of the versions that were the last until two moments, both read in one query', async () => {
    const versions = new FakeVersions();
    await diff(request('2025-05-02T08:00', '2025-05-02T23:00'), versions);
    for (const { tables: read, single } of versions.asked) {
      expect(single).toBe(false);
      expect(read).toEqual({
        before: { location: 's3://dwh/products', version: 4 },
        after: { location: 's3://dwh/products', version: 4 },
      });
    }
  });

  it('does not read from a version a column that the contract got later', async () => {
    const versions = new FakeVersions({ columnsBefore: names.filter((name) => name !== changing) });
    await diff(request('4'), versions);
    const sql = versions.asked.map((asked) => asked.sql).join('\n');
    expect(sql).not.toContain(`b."${changing}"`);
    expect(sql).toContain(`NULL IS DISTINCT FROM a."${changing}"`);
    expect(sql).toContain(`b."${others[0]}" IS DISTINCT FROM a."${others[0]}"`);
  });

  it.each([
    ['9', undefined, 'The table products has no version 9: its log has 3 to 5'],
    ['3', '6', 'has no version 6'],
    ['2025-04-01', undefined, 'has no version until 2025-04-01T00:00:00.000Z: its log has 3 to 5'],
  ])('cannot be told from %s to %s', async (from, to, message) => {
    const failing = diff(request(from, to), new FakeVersions());
    await expect(failing).rejects.toThrow(CommandFailed);
    await expect(failing).rejects.toThrow(message);
  });

  it('wants the earlier version first', async () => {
    const failing = diff(request('5', '2025-05-02T12:00'), new FakeVersions());
    await expect(failing).rejects.toThrow(UsageError);
    await expect(failing).rejects.toThrow(/--from is version 5 .* --to is version 4/u);
  });

  it('fails with the reason when the table was never written, or a version cannot be read', async () => {
    await expect(diff(request('0'), new FakeVersions({}, []))).rejects.toThrow('has no commit yet');
    const failing = diff(request('4'), new FakeVersions({ failed: 'IO Error: 404' }));
    await expect(failing).rejects.toThrow(
      new CommandFailed('The versions 4 and 5 of products cannot be compared: IO Error: 404'),
    );
  });

  it('says on AWS that Athena cannot, and what can', () => {
    expect(() => {
      requireTimeTravel('prod', 'local', 'diff');
    }).toThrow(/Athena reads only the newest version.*so diff works on stage local only.*versionAsOf/u);
  });
});

describe('what a person gives and sees', () => {
  it.each(['', '-1', 'all', '1.5', '99999999999999999999'])('%j is no number of rows', (text) => {
    expect(() => parseLimit(text)).toThrow(UsageError);
  });

  it('a limit is a number of rows, and 0 for counts only', () => {
    expect([parseLimit('0'), parseLimit('1000')]).toEqual([0, 1000]);
  });

  it('an unreadable moment is named with its option', () => {
    expect(() => parseAsOf('yesterday', '--to')).toThrow(/^--to yesterday is neither/u);
  });

  it('a table of counts, then a line for each column that differs', async () => {
    const versions = new FakeVersions({ counts: [['changed', '1234']], rows: [changedRow] });
    const output = await diff(request('3'), versions);
    const text = renderDiff(output);
    expect(text).toMatch(/^products from version 3 to version 5 \(2025-05-03T08:00:00Z\)\n/u);
    expect(text).toMatch(/│ added +│ changed +│ removed +│\n.*\n│ 0 +│ 1234 +│ 0 +│/u);
    expect(text).toMatch(new RegExp(`│ same +│ ${changing} +│ 1 +│ +│.*│ 5 +│`, 'u'));
    expect(text).not.toContain(others.at(-1));
    expect(withheld(output)).toEqual(['1 of 1234 changed rows are shown; --limit 1234 shows all']);
  });

  it('nothing is withheld and nothing listed when nothing differs', async () => {
    const output = await diff(request('5'), new FakeVersions());
    expect(withheld(output)).toEqual([]);
    expect(renderDiff(output).split('\n').length).toBeLessThan(8);
  });
});
