import { contracts, type DatasetName } from '../../../src/contract/contracts';
import type { FileItem } from '../../../src/ledger/items';
import { groupBy } from '../lake/rank';
import { lineId, linesOf, reasonsFor, type Row, rowOf } from '../lake/rows';

/** A file that was loaded: its ledger item, its content, and the code that judged it each time, in order. */
export interface LoadedFile {
  readonly file: FileItem;
  readonly body: string;
  readonly scripts: readonly string[];
}

/** The tables as they must be, by key; an orphan by key and what it misses. */
export interface Expected {
  readonly rows: ReadonlyMap<string, string>;
  readonly orphans: ReadonlyMap<string, string>;
  /** May wait as well: once the file was repeated, nothing tells which of its lines is newer. */
  readonly tolerated: ReadonlySet<string>;
  readonly rejects: ReadonlySet<string>;
}

/** By dataset the keys of its rows. */
export type ParentKeys = ReadonlyMap<string, ReadonlySet<string>>;

/** Foreign keys of the row whose parent is not there, each with its value. */
export function missingOf(dataset: DatasetName, row: Row, parents: ParentKeys): string[] {
  return contracts[dataset]['x-foreignKeys'].flatMap(({ column, dataset: parent }) => {
    const key = row.parents[column] ?? '';
    return parents.get(parent)?.has(key) === true ? [] : [`${column}=${key}`];
  });
}

/** What the tables of a dataset must hold: a function of the loaded files alone, in the order of their sequences. */
export function expectedOf(
  dataset: DatasetName,
  loaded: readonly LoadedFile[],
  parents: ParentKeys,
): Expected {
  const rejects = new Set<string>();
  const accepted = loaded.flatMap(({ file, body, scripts }) =>
    linesOf(body).flatMap((line, index): Row[] => {
      const row = rowOf(line, index + 2, file);
      if (scripts.some((script) => reasonsFor(line, script) === '')) return [row];
      rejects.add(lineId(row));
      return [];
    }),
  );
  const rows = new Map<string, string>();
  const orphans = new Map<string, string>();
  const tolerated = new Set<string>();
  for (const [key, competing] of groupBy(accepted, (row) => row.key)) {
    const newest = competing.toSorted(newestFirst);
    const complete = newest.find((row) => missingOf(dataset, row, parents).length === 0);
    if (complete !== undefined) rows.set(key, complete.values);
    for (const [missing, waiting] of groupBy(newest, (row) => missingOf(dataset, row, parents).join())) {
      const [first] = waiting;
      if (missing === '' || first === undefined) continue;
      const gap = `${key} without ${missing}`;
      const beaten = complete !== undefined && newestFirst(complete, first) < 0;
      if (!beaten) orphans.set(gap, first.values);
      else if (complete.sequence === first.sequence) tolerated.add(gap);
    }
  }
  return { rows, orphans, tolerated, rejects };
}

function newestFirst(a: Row, b: Row): number {
  return a.sequence === b.sequence ? b.line - a.line : a.sequence < b.sequence ? 1 : -1;
}

/** Lines that one release let pass and a later one refused: whether they stay hangs on what was held when. */
export function hasTightened(loaded: readonly LoadedFile[]): boolean {
  return loaded.some(({ body, scripts }) =>
    linesOf(body).some((line) => {
      const passed = scripts.map((script) => reasonsFor(line, script) === '');
      return passed.includes(true) && passed.lastIndexOf(false) > passed.indexOf(true);
    }),
  );
}
