import type { Manifest } from '../../../src/batch/documents';
import { contracts, type DatasetName } from '../../../src/contract/contracts';
import type { FileItem } from '../../../src/ledger/items';
import { groupBy } from '../lake/rank';
import { isRejected, linesOf, type Row, rowOf } from '../lake/rows';

/** A file that was loaded: its ledger item, its content, and the plan under which it was. */
export interface LoadedFile {
  readonly file: FileItem;
  readonly body: string;
  readonly manifest: Manifest;
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
  const accepted = loaded.flatMap(({ file, body, manifest }) =>
    linesOf(body).flatMap((line, index): Row[] => {
      const row = rowOf(line, index + 2, file);
      if (!isRejected(line, manifest.release.scriptLocation)) return [row];
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

export function lineId({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}
