import type { JobResult } from '../batch/documents';
import { type EntryItem, keys, read } from '../ledger/items';
import type { Store } from '../store/store';

/** Every table after the batch: as its job left it, or, when its job did not run, as the entry before has it. */
export async function tablesAfter(
  store: Store,
  number: number,
  results: readonly Pick<JobResult, 'tables'>[],
): Promise<NonNullable<EntryItem['tables']>> {
  const previous = await store.get(keys.entry(number - 1));
  const before = previous === undefined ? [] : (read.entry(previous).tables ?? []);
  const written = results.flatMap(({ tables }) =>
    tables.map(({ name, version, rows }) => ({ name, version, rows })),
  );
  return [...new Map([...before, ...written].map((table) => [table.name, table])).values()];
}
