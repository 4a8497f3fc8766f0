import { type TableCommit } from '../../../generated/types/outputs/statusTable';
import { type DataFile } from '../../delta/snapshot';
import { type TableFacts } from '../facts';

export interface PartitionReport {
  /** `column=value`, several joined by a slash; `NULL` where there is no value. */
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly rows: number | null;
}

export interface TableReport {
  readonly name: string;
  readonly kind: 'rows' | 'rejects' | 'orphans';
  /** Delta version; null before the first load. */
  readonly version: number | null;
  readonly rows: number | null;
  readonly files: number;
  readonly bytes: number;
  /** Empty for a table without partitions. */
  readonly partitions: readonly PartitionReport[];
  /** Newest first. */
  readonly commits: readonly TableCommit[];
}

/** A table as its Delta log has it. */
export function tableReport({ table, commits, snapshot }: TableFacts): TableReport {
  const files = snapshot?.files ?? [];
  return {
    ...{ name: table.name, kind: table.kind, commits },
    version: snapshot?.version ?? null,
    rows: snapshot === undefined ? null : rowsIn(files),
    files: files.length,
    bytes: bytesIn(files),
    partitions: partitionsOf(files),
  };
}

function partitionsOf(files: readonly DataFile[]): PartitionReport[] {
  const groups = new Map<string, DataFile[]>();
  for (const file of files) {
    const values = Object.entries(file.partition);
    if (values.length === 0) continue;
    const name = values.map(([column, value]) => `${column}=${value ?? 'NULL'}`).join('/');
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return [...groups]
    .map(([name, group]) => ({ name, files: group.length, bytes: bytesIn(group), rows: rowsIn(group) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const bytesIn = (files: readonly DataFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** null when a file's writer kept no count. */
function rowsIn(files: readonly DataFile[]): number | null {
  return files.reduce<number | null>(
    (sum, { rows }) => (sum === null || rows === null ? null : sum + rows),
    0,
  );
}
