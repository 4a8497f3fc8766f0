import type { JobResult } from '../batch/documents';
import { RowsUnaccounted } from '../errors';

type Rows = JobResult['files'][number]['rows'];

/** Where a row of an accepted file can end; the rows read are the sum of these (docs/architecture.md). */
export const rowOutcomes = [
  'inserted',
  'updated',
  'unchanged',
  'superseded',
  'duplicate',
  'rejected',
  'orphaned',
  'erased',
] as const satisfies readonly (keyof Rows)[];

/** The counts of a file without rows. */
export const noRows: Rows = {
  read: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  superseded: 0,
  duplicate: 0,
  rejected: 0,
  orphaned: 0,
};

/**
 * The row counts by file, checked: every accepted file is counted or was rejected as a whole, no other is, and the
 * outcomes add up to the rows read; a change of earlier counts adds up to nothing.
 *
 * @throws RowsUnaccounted naming every file whose counts are wrong.
 */
export function accountedRows(
  result: JobResult,
  accepted: readonly string[],
): { files: Map<string, Rows>; redriven: Map<string, Rows> } {
  const { files, redriven, problems } = audit(result, accepted);
  if (problems.length === 0) return { files, redriven };
  throw new RowsUnaccounted(
    `The result of ${result.dataset} in batch ${result.number} does not add up: ${problems.join('; ')}`,
  );
}

/** Rows that are read and in no outcome or the other way round, and one for every file that is counted wrongly; 0 is right. */
export function unaccounted(result: JobResult, accepted: readonly string[]): number {
  const { files, redriven, problems } = audit(result, accepted);
  const rows = [...files.values(), ...redriven.values()].map((file) => Math.abs(file.read - outcomes(file)));
  const wrong = rows.filter((difference) => difference > 0);
  return wrong.reduce((total, difference) => total + difference, problems.length - wrong.length);
}

interface Audit {
  readonly files: Map<string, Rows>;
  readonly redriven: Map<string, Rows>;
  /** One for each file that is wrong. */
  readonly problems: readonly string[];
}

function audit(result: JobResult, accepted: readonly string[]): Audit {
  const files = new Map(result.files.map(({ fileId, rows }) => [fileId, rows]));
  const rejected = new Set(result.rejectedFiles.map(({ fileId }) => fileId));
  const redriven = new Map(result.redriven.map(({ fileId, rows }) => [fileId, rows]));
  const problems = [
    ...accepted
      .filter((fileId) => !files.has(fileId) && !rejected.has(fileId))
      .map((fileId) => `${fileId} is not counted`),
    ...[...rejected]
      .filter((fileId) => files.has(fileId))
      .map((fileId) => `${fileId} is counted and rejected`),
    ...[...files.keys(), ...rejected]
      .filter((fileId) => !accepted.includes(fileId))
      .map((fileId) => `${fileId} is none of the batch`),
    ...[...files, ...redriven]
      .filter(([, rows]) => rows.read !== outcomes(rows))
      .map(([fileId, rows]) => `${fileId}: ${rows.read} read, ${outcomes(rows)} accounted for`),
  ];
  return { files, redriven, problems };
}

function outcomes(rows: Rows): number {
  return rowOutcomes.reduce((sum, outcome) => sum + (rows[outcome] ?? 0), 0);
}
