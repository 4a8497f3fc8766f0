import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldCounts, foldRows } from '../../../src/cli/diff/fold';
import { columnsSql, countsSql, type Present, rowsSql, shownColumns } from '../../../src/cli/diff/sql';
import { type ColumnRoles } from '../../../src/contract/columnRoles';

/** Random roles, and versions that both have the key; each may lack other columns. */
const versions = fc
  .record({ keys: fc.integer({ min: 1, max: 2 }), values: fc.nat(4), lineage: fc.nat(2) })
  .chain(({ keys, values, lineage }) => {
    const names = (prefix: string, n: number): string[] =>
      Array.from({ length: n }, (_, index) => `${prefix}${index}`);
    const roles: ColumnRoles = {
      key: names('k', keys),
      values: names('v', values),
      lineage: names('l', lineage),
    };
    const has = fc
      .subarray([...roles.values, ...roles.lineage])
      .map((some): string[] => [...roles.key, ...some]);
    return fc.record({ roles: fc.constant(roles), present: fc.record({ before: has, after: has }) });
  });
const cell = fc.option(fc.string({ maxLength: 3 }));
const kinds = fc.constantFrom('added', 'changed', 'removed');

/** What one row of `rowsSql` says: its kind, and of every shown column the value before, after and whether they differ. */
const answers = versions.chain(({ roles, present }) => {
  const names = shownColumns(roles, present);
  const line = fc.record({
    change: kinds,
    cells: fc.array(fc.tuple(cell, cell, fc.boolean()), {
      minLength: names.length,
      maxLength: names.length,
    }),
  });
  return fc.record({
    roles: fc.constant(roles),
    present: fc.constant(present),
    lines: fc.array(line, { maxLength: 6 }),
  });
});

it('every row lands under its kind, with each column under its role and on its side', () => {
  fc.assert(
    fc.property(answers, ({ roles, present, lines }) => {
      const names = shownColumns(roles, present);
      const rows = lines.map(({ change, cells }) => [
        change,
        ...cells.flatMap(([before, after, differs]) => [before, after, String(differs)]),
      ]);
      const folded = foldRows(rows, roles, present);
      for (const kind of ['added', 'changed', 'removed'] as const) {
        const meant = lines.filter(({ change }) => change === kind);
        expect(folded[kind]).toHaveLength(meant.length);
        meant.forEach(({ cells }, place) => {
          const row = folded[kind][place]!;
          const seen = { ...row.key, ...row.values, ...row.lineage };
          names.forEach((name, index) => {
            const [before, after, differs] = cells[index]!;
            if (kind !== 'changed') expect(seen[name]).toBe(kind === 'added' ? after : before);
            else if (!roles.values.includes(name)) expect(seen[name]).toBe(after);
            else expect(seen[name]).toEqual(differs ? { before, after } : undefined);
          });
          for (const name of Object.keys(row.lineage)) expect(roles.lineage).toContain(name);
          for (const name of Object.keys(row.key)) expect(roles.key).toContain(name);
        });
      }
    }),
  );
});

it('the SQL reads from a version only what it has, and judges a row by every value and by no lineage', () => {
  fc.assert(
    fc.property(versions, ({ roles, present }: { roles: ColumnRoles; present: Present }) => {
      for (const sql of [countsSql(roles, present), rowsSql(roles, present, 5)]) {
        const read = (side: string): string[] =>
          [...sql.matchAll(new RegExp(`\\b${side}\\."(\\w+)"`, 'gu'))].map(([, name = '']) => name);
        for (const name of read('b')) expect(present.before).toContain(name);
        for (const name of read('a')) expect(present.after).toContain(name);
        const judged = /WHERE (.*?)\)(?:,| SELECT)/u.exec(sql)?.[1] ?? '';
        for (const name of shownColumns(roles, present)) {
          const isJudged =
            judged.includes(`"${name}" IS DISTINCT FROM`) || judged.includes(`FROM a."${name}"`);
          expect([name, isJudged]).toEqual([name, roles.values.includes(name)]);
        }
      }
    }),
  );
});

it('a kind that no row has counts as 0', () => {
  expect(foldCounts([['changed', '12']])).toEqual({ added: 0, changed: 12, removed: 0 });
  expect(columnsSql('before')).toBe('SELECT * FROM "before" LIMIT 0');
});
