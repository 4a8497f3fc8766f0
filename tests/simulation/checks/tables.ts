import { contracts, type DatasetName } from '../../../src/contract/contracts';
import type { Cloud } from '../cloud/cloud';
import { groupBy } from '../lake/rank';
import { lineId, type Row } from '../lake/rows';
import { expectedOf, hasTightened, type LoadedFile, missingOf } from './oracle';

/** What becomes of rows that wait: they may have grown too old, or are held back although their parents are there. */
export interface Waiting {
  readonly expires: boolean;
  readonly held: boolean;
}

/** What is wrong with the tables of a dataset. */
export function tableProblems(
  { lake }: Cloud,
  dataset: DatasetName,
  loaded: readonly LoadedFile[],
  { expires, held }: Waiting,
): string[] {
  const { rows, orphans, rejects } = lake.datasets[dataset];
  const mine = loaded.filter(({ file }) => file.dataset === dataset);
  const parents = new Map(
    contracts[dataset]['x-foreignKeys'].map(({ dataset: parent }) => {
      const keys = lake.datasets[parent as DatasetName].rows.rows().map(({ key }) => key);
      return [parent, new Set(keys)];
    }),
  );
  // the oracle knows every row
  const exact = !expires && !held && !hasTightened(mine);
  const expected = expectedOf(dataset, mine, parents);
  const waiting = orphans?.rows() ?? [];
  const places = [...rows.rows(), ...waiting, ...rejects.rows()];
  const ids = new Set(mine.map(({ file }) => file.fileId));
  const gap = (row: Row): string => `${row.key} without ${missingOf(dataset, row, parents).join()}`;
  const byKey = rows.rows().map(({ key, values }): [string, string] => [key, values]);
  const byGap = waiting
    .map((row): [string, string] => [gap(row), row.values])
    .filter(([where]) => !expected.tolerated.has(where));
  const rejected = new Set(rejects.rows().map(lineId));
  const problems = [
    ...repeated(byKey.map(([key]) => key)).map((key) => `unique keys: ${key} is there twice`),
    ...repeated(places.map(lineId)).map((line) => `places: ${line} is in two places`),
    ...places
      .filter(({ file }) => !ids.has(file))
      .map((place) => `places: ${lineId(place)} is of no file that was loaded`),
    ...[...expected.rejects]
      .filter((line) => !rejected.has(line))
      .map((line) => `rejects: ${line} is not there`),
    ...waiting
      .filter((row) => !held && missingOf(dataset, row, parents).length === 0)
      .map((row) => `orphans: ${lineId(row)} waits though its parents are there`),
    ...(exact || orphans === undefined
      ? [...differences('table', byKey, expected.rows), ...differences('orphans', byGap, expected.orphans)]
      : []),
    // a line that lost to another row is judged anew when its file is replayed
    ...(exact || (orphans === undefined && !hasTightened(mine))
      ? [...rejected]
          .filter((line) => !expected.rejects.has(line))
          .map((line) => `rejects: ${line} breaks no rule`)
      : []),
  ];
  return problems.map((problem) => `${dataset} ${problem}`);
}

/**
 * At most one transaction for each table, step and batch. A RESTORE sets no marker: a run that has lost its lease since it
 * asked can repeat one, and it changes no row then.
 */
export function transactionProblems({ lake }: Cloud): string[] {
  return lake.all().flatMap((table) => {
    const made = table.since(-1).flatMap(({ step, isLate }) => (step === undefined || isLate ? [] : [step]));
    const steps = groupBy(made, ({ appId, number }) => `${appId} ${number}`);
    return [...steps].flatMap(([step, commits]) =>
      commits.length > 1 ? [`transactions: ${step} was committed ${commits.length} times`] : [],
    );
  });
}

function repeated(items: readonly string[]): string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}

function differences(
  where: string,
  found: readonly (readonly [string, string])[],
  expected: ReadonlyMap<string, string>,
): string[] {
  const actual = new Map(found);
  const keys = new Set([...actual.keys(), ...expected.keys()]);
  return [...keys]
    .filter((key) => actual.get(key) !== expected.get(key))
    .map(
      (key) => `${where}: ${key} is ${actual.get(key) ?? 'absent'}, expected ${expected.get(key) ?? 'none'}`,
    );
}
