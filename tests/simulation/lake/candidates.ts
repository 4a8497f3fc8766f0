import type { Manifest } from '../../../src/batch/documents';
import { contracts } from '../../../src/contract/contracts';
import type { JobRun, LoadedFile } from './run';
import { ARRIVED, type Candidate, STORED, WAITING } from './rank';
import { type Recall, UNKNOWN } from './replay';
import { reasonsFor, type Row, rowOf } from './rows';

/** By dataset the version of a parent's table; -1 for none. */
export type ParentVersions = Readonly<Record<string, number>>;

/** Stored rows, waiting orphans and the rows of the files, with what each lacks (glue/lakehouse/candidates.py). */
export function candidatesOf(
  { dataset, lake, batch, without }: Pick<JobRun, 'dataset' | 'lake' | 'batch' | 'without'>,
  manifest: Manifest,
  parentVersions: ParentVersions,
  rows: { stored: readonly Row[]; orphans: readonly Row[]; files: readonly LoadedFile[]; recall: Recall },
): Candidate[] {
  const confirmations = without.has('confirmation') ? {} : (manifest.confirmations[dataset] ?? {});
  const foreignKeys = contracts[dataset]['x-foreignKeys'];
  const parents = new Map(
    foreignKeys.map((key) => {
      const parent = lake.datasets[key.dataset as keyof typeof lake.datasets];
      const version = parentVersions[key.dataset] ?? -1;
      return [key.column, new Set(parent.rows.rows(version).map(({ key }) => key))];
    }),
  );
  const missingOf = (row: Row): string[] =>
    Object.entries(row.parents).flatMap(([column, key]) =>
      parents.get(column)?.has(key) === false ? [`${column}=${key}`] : [],
    );
  const effective = ({ file, sequence }: Row): string => {
    const confirmed = confirmations[file] ?? '';
    return confirmed > sequence ? confirmed : sequence;
  };
  const { scriptLocation } = batch.release;
  return [
    ...rows.stored.map((row): Candidate => {
      return { row, kind: STORED, effective: effective(row), reasons: '', missing: [], ...UNKNOWN };
    }),
    ...rows.orphans.map((row): Candidate => {
      const missing = missingOf(row);
      return { row, kind: WAITING, effective: effective(row), reasons: '', missing, ...UNKNOWN };
    }),
    ...rows.files.flatMap(({ lines, ...file }) =>
      lines.map((line, index): Candidate => {
        const { since: waitingSince, ...known } = rows.recall(file.fileId, index + 2);
        const row = { ...rowOf(line, index + 2, file), waitingSince };
        const reasons = reasonsFor(line, scriptLocation);
        const missing = reasons === '' ? missingOf(row) : [];
        return { row, kind: ARRIVED, effective: row.sequence, reasons, missing, ...known };
      }),
    ),
  ];
}
