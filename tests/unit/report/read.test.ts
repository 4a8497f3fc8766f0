import { describe, expect, it } from '@jest/globals';
import { tables } from '../../../src/contract/contracts';
import { readFacts, type ReadPorts } from '../../../src/report/read/facts';
import { entryItem, fileItem } from '../cli/fakes';
import { MemoryObjects } from '../fakes/memoryObjects';
import { START } from './fixture';

const options = { stage: 'local', warehouse: 'warehouse', artefacts: 'artefacts', tables };
const log = (table: string): string => `${table}/_delta_log/${'0'.repeat(20)}.json`;

function ports(
  more: Partial<ReadPorts> = {},
): ReadPorts & { readonly objects: MemoryObjects; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    control: () => Promise.resolve(undefined),
    entries: () => Promise.resolve([]),
    files: (ids) => Promise.resolve(new Map(ids.map((id) => [id, fileItem(id, 'PENDING')]))),
    pending: () => Promise.resolve([]),
    run: () => Promise.resolve(undefined),
    query(sql) {
      asked.push(sql);
      return Promise.resolve({ columns: ['batch', 'rule', 'lines'], rows: [['1', 'SCALE', '2']] });
    },
    now: () => new Date(START),
    ...more,
    objects: new MemoryObjects(() => new Date(START)),
  };
}
const control = {
  ...{ pk: 'control', sk: 'control', epoch: 'e', fence: 1, arrived: 1, planned: 1, nextNumber: 2 },
};

describe('reading for a report', () => {
  it('asks Athena nothing before the first load: the tables have no log yet', async () => {
    const before = ports();
    const facts = await readFacts(before, options);
    expect(before.asked).toEqual([]);
    expect(facts).toMatchObject({ batches: [], files: [], rejects: [], samples: [], run: undefined });
    expect(facts.tables.every(({ snapshot }) => snapshot === undefined)).toBe(true);
  });

  it('reads rejects and samples of the tables that have a log, never a column that is personal', async () => {
    const loaded = ports({
      control: () => Promise.resolve(control),
      entries: (numbers) => Promise.resolve(numbers.map((number) => entryItem(number, 'DONE'))),
    });
    for (const table of ['orders', 'orders_rejects'])
      loaded.objects.put('warehouse', log(table), '{"commitInfo":{"operation":"CREATE TABLE"}}\n');
    const { rejects, samples } = await readFacts(loaded, options);
    expect(rejects).toEqual([{ dataset: 'orders', batch: 1, rule: 'SCALE', lines: 2 }]);
    const personal = tables
      .find(({ name }) => name === 'orders')!
      .columns.filter(({ classification }) => classification === 'pii')
      .map(({ name }) => name);
    expect(personal).not.toEqual([]);
    expect(samples).toMatchObject([{ table: 'orders', withheld: personal }]);
    for (const column of personal) expect(loaded.asked.join(' ')).not.toContain(column);
  });

  it('shows a batch whose documents are gone, and the files that wait', async () => {
    const facts = await readFacts(
      ports({
        control: () => Promise.resolve(control),
        entries: (numbers) => Promise.resolve(numbers.map((number) => entryItem(number, 'DONE'))),
        pending: () => Promise.resolve([{ fileId: 'w' }]),
      }),
      options,
    );
    expect(facts.batches).toMatchObject([{ entry: { number: 1 }, manifest: undefined, results: [] }]);
    expect(facts.files).toMatchObject([{ fileId: 'w', state: 'PENDING' }]);
  });
});
