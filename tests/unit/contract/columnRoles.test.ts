import { describe, expect, it } from '@jest/globals';
import systemColumns from '../../../schemas/tables/system-columns.json';
import { columnRoles } from '../../../src/contract/columnRoles';
import { columnsOf, contracts, tables } from '../../../src/contract/contracts';

const ofKind = (kind: 'rows' | 'rejects' | 'orphans') => tables.filter((table) => table.kind === kind);

describe('the columns of a table', () => {
  it.each(tables.map((table) => [table.name, table] as const))(
    'of %s have one role each, and there is a key',
    (_, table) => {
      const { key, values, lineage } = columnRoles(table);
      expect([...key, ...values, ...lineage].sort()).toEqual(table.columns.map(({ name }) => name).sort());
      expect(key).not.toEqual([]);
    },
  );

  it("of a dataset are its contract's: the primary key, and the rest as values", () => {
    for (const table of ofKind('rows')) {
      const { key, values } = columnRoles(table);
      expect(key).toEqual([contracts[table.dataset]['x-primaryKey']]);
      expect([...key, ...values].sort()).toEqual(
        columnsOf(table.dataset)
          .map(({ name }) => name)
          .sort(),
      );
    }
  });

  it('of rejects and orphans are told apart by the line of the file, as the jobs merge them', () => {
    for (const table of ofKind('rejects')) expect(columnRoles(table).key).toEqual(systemColumns.keys.rejects);
    for (const table of ofKind('orphans')) expect(columnRoles(table).key).toEqual(systemColumns.keys.orphans);
    expect(columnRoles(ofKind('rejects')[0]!).values).toEqual(['raw', 'reasons']);
  });
});
