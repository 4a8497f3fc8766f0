import type { JobResult } from '../../generated/types/documents/jobResult';

export type DeltaColumn = JobResult['tables'][number]['columns'][number];

/** How the columns of a Delta table differ from those of the catalog. */
export interface ColumnDifferences {
  /** In the Delta table only. */
  readonly added: DeltaColumn[];
  /** In the catalog only, by name. */
  readonly missing: string[];
  /** In both with different types, as a sentence each. */
  readonly changed: string[];
}

/** Compares names and types; the order of columns has no meaning, since readers go by name. */
export function compareColumns(
  catalog: readonly DeltaColumn[],
  delta: readonly DeltaColumn[],
): ColumnDifferences {
  const inCatalog = new Map(catalog.map(({ name, type }) => [name, type]));
  const inDelta = new Set(delta.map(({ name }) => name));
  return {
    added: delta.filter(({ name }) => !inCatalog.has(name)),
    missing: [...inCatalog.keys()].filter((name) => !inDelta.has(name)),
    changed: delta.flatMap(({ name, type }) => {
      const other = inCatalog.get(name);
      return other === undefined || other === type ? [] : [`${name} is ${type}, in the catalog ${other}`];
    }),
  };
}
