import { type DatasetName, isDatasetName } from '../../../src/contract/contracts';
import type { Cloud } from '../cloud/cloud';
import { linesOf } from '../lake/rows';
import type { Ledger } from './ledger';
import type { LoadedFile } from './oracle';

/** The counts of every loaded file add up to its lines and equal the places where its rows are. */
export function countProblems({ lake }: Cloud, ledger: Ledger, loaded: readonly LoadedFile[]): string[] {
  const byFile = loaded.flatMap(({ file, body }) => {
    const { rows: counts, fileId, dataset } = file;
    if (counts === undefined || !isDatasetName(dataset)) return [`counts: ${fileId} has none`];
    const { rows, orphans, rejects } = lake.datasets[dataset];
    const { read, inserted, updated, unchanged, superseded, duplicate, rejected, orphaned } = counts;
    const sum = inserted + updated + unchanged + superseded + duplicate + rejected + orphaned;
    const inTable = rows.rows().filter((row) => row.file === fileId).length;
    const waiting = orphans?.rows().filter((row) => row.file === fileId).length ?? 0;
    const refused = rejects.rows().filter((row) => row.file === fileId).length;
    const wrong = [
      ...(read === linesOf(body).length && read === sum ? [] : [`${read} read, ${sum} accounted for`]),
      ...(inTable <= inserted + updated + unchanged ? [] : [`${inTable} rows in the table`]),
      ...(waiting === orphaned ? [] : [`${waiting} rows wait`]),
      ...(refused === rejected ? [] : [`${refused} rows in rejects`]),
    ];
    return wrong.map((problem) => `counts: ${fileId} ${problem}, but ${JSON.stringify(counts)}`);
  });
  return [...byFile, ...orphanProblems(lake, ledger), ...entryProblems(lake, ledger)];
}

/** The control item knows how many orphans wait. */
function orphanProblems(lake: Cloud['lake'], { control }: Ledger): string[] {
  return Object.entries(control?.orphans ?? {}).flatMap(([dataset, { waiting }]) => {
    const there = lake.datasets[dataset as DatasetName].orphans?.rows().length ?? 0;
    return there === waiting ? [] : [`counts: ${there} orphans of ${dataset}, the ledger says ${waiting}`];
  });
}

/** The last entry knows the tables as they are, but for what a run without its lease did and undid later. */
function entryProblems(lake: Cloud['lake'], { entries }: Ledger): string[] {
  const last = entries.toSorted((a, b) => b.number - a.number)[0];
  return (last?.tables ?? []).flatMap(({ name, version, rows }) => {
    const table = lake.all().find((other) => other.name === name);
    if (table === undefined) return [];
    const isLate = table.since(version).every((commit) => commit.isLate);
    if (table.version >= version && isLate && table.rows().length === rows) return [];
    return [
      `counts: ${name} is at ${table.version} with ${table.rows().length} rows, not ${version} with ${rows}`,
    ];
  });
}
