import { type Rows } from '../../../generated/types/documents/fileItem';
import { type BatchFacts } from '../facts';
import { sumRows } from './rowCounts';

/** One job of a batch: the files it read, the tables it wrote. */
export interface LineageStep {
  readonly batch: number;
  readonly dataset: string;
  readonly jobRunId: string;
  /** Keys under which the files arrived. */
  readonly files: readonly string[];
  readonly rows: Rows;
  readonly tables: readonly {
    readonly name: string;
    /** Delta version before the batch; null: created by it. */
    readonly before: number | null;
    readonly after: number;
  }[];
}

/** From the files of a batch to the versions of the tables, job by job. */
export function lineage({ manifest, results }: BatchFacts): LineageStep[] {
  const names = new Map((manifest?.files ?? []).map(({ fileId, key }) => [fileId, key]));
  return results.map((result) => ({
    batch: result.number,
    dataset: result.dataset,
    jobRunId: result.jobRunId,
    files: result.files.map(({ fileId }) => names.get(fileId) ?? fileId).sort(),
    rows: sumRows(result.files.map(({ rows }) => rows)),
    tables: result.tables.map(({ name, version }) => ({
      name,
      before: manifest?.tables[name] ?? null,
      after: version,
    })),
  }));
}
