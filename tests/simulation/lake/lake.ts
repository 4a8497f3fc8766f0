import { datasetNames, hasOrphans, type DatasetName, tables } from '../../../src/contract/contracts';
import type { MemoryObjects } from '../../unit/fakes/memoryObjects';
import { type Reject, type Row, WRONG } from './rows';
import { DeltaTable } from './table';

export const WAREHOUSE = 'warehouse';

/** The tables of one dataset's job. */
export interface Owned {
  readonly rows: DeltaTable<Row>;
  readonly rejects: DeltaTable<Reject>;
  readonly orphans: DeltaTable<Row> | undefined;
}

/** All Delta tables. Every commit also leaves its file in the warehouse bucket, where planning looks for versions. */
export class Lake {
  readonly datasets: Readonly<Record<DatasetName, Owned>>;

  constructor(objects: MemoryObjects) {
    const table = <R>(name: string): DeltaTable<R> =>
      new DeltaTable<R>(name, (version) => {
        objects.put(WAREHOUSE, `${name}/_delta_log/${String(version).padStart(20, '0')}.json`, '');
      });
    const owned = (name: DatasetName): Owned => ({
      rows: table(name),
      rejects: table(`${name}_rejects`),
      orphans: hasOrphans(name) ? table(`${name}_orphans`) : undefined,
    });
    this.datasets = Object.fromEntries(datasetNames.map((name) => [name, owned(name)])) as Record<
      DatasetName,
      Owned
    >;
  }

  all(): DeltaTable<Row | Reject>[] {
    const found = Object.values(this.datasets).flatMap(({ rows, rejects, orphans }) => [
      rows,
      rejects,
      ...(orphans === undefined ? [] : [orphans]),
    ]);
    return found;
  }

  versions(): Record<string, number> {
    const known = new Set(tables.map(({ name }) => name));
    return Object.fromEntries(
      this.all()
        .filter(({ name }) => known.has(name))
        .map(({ name, version }) => [name, version]),
    );
  }
}

/** Rows of the datasets' tables that the check complains of. */
export function wrongRows({ datasets }: Lake): Row[] {
  const rows = datasetNames.flatMap((dataset) => datasets[dataset].rows.rows());
  return rows.filter(({ values }) => values.includes(`"${WRONG}"`));
}
