import type { JobResult, Manifest } from '../batch/documents';
import { type Gate, keys, read } from '../ledger/items';
import type { Store } from '../store/store';
import { violationsBefore } from './decide';

/**
 * What the gate is to know after an entry that brought no rows: the tables hold at most the violations that they held, and the
 * next batch answers for what it adds to that. Of a table whose job failed the version is not known for sure; should it differ,
 * the gate knows of no violations before.
 */
export async function carriedOver(
  store: Store,
  { number, tables }: Manifest,
  done: readonly Pick<JobResult, 'tables'>[],
): Promise<{ gate: Gate; validation: Gate['before'] }> {
  const previous = await store.get(keys.entry(number - 1));
  const before = violationsBefore(tables, previous === undefined ? undefined : read.entry(previous), []);
  const after = done.flatMap((result) => result.tables.map(({ name, version }) => [name, version] as const));
  const gate = { decision: 'PUBLISH', tables: { ...tables, ...Object.fromEntries(after) }, before } as const;
  return { gate, validation: [...before] };
}
