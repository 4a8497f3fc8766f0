import type { SyncCatalogEvent } from '../../generated/types/events/syncCatalog';
import type { Outcome } from '../../generated/types/states/outcome';
import type { SyncCatalogResult } from '../../generated/types/states/syncCatalog';
import {
  type DocumentSource,
  type JobResult,
  readRestoration,
  readResult,
  readErasedDataset,
  readUpkeep,
} from '../batch/documents';
import { contracts, isDatasetName } from '../contract/contracts';
import type { Evolution } from '../contract/contract';
import { termsOf } from '../contract/terms';
import { TableSchemaMismatch } from '../errors';
import { requireLease } from '../ledger/lease';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { type Catalog, inputOf, type Table } from './catalog';
import { compareColumns, type DeltaColumn } from './compareColumns';

export interface SyncCatalogPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly catalog: Catalog;
}

type DeltaTable = JobResult['tables'][number];

/** Where the tables of a dataset are described, by how its job ended; of another end there is no description. */
const DESCRIPTIONS: Readonly<
  Partial<
    Record<
      Outcome['status'],
      (objects: Objects, batch: DocumentSource, dataset: string) => Promise<Pick<JobResult, 'tables'>>
    >
  >
> = { LOADED: readResult, RESTORED: readRestoration, MAINTAINED: readUpkeep, ERASED: readErasedDataset };

/**
 * Compares the catalog's tables of the loaded, restored, maintained or erased datasets with their Delta tables and writes version, rows and batch as
 * parameters. Under the evolution policy `additive` a column may be in one of them only: new ones reach the catalog
 * here, and a table without a commit since has not met the contract's newest yet. The policy is the deployed one, as the
 * catalog is, not that of the manifest: a batch that is resumed after a deploy meets the catalog of the new contract.
 *
 * @throws TableSchemaMismatch naming every difference that the policy forbids, or a table that the catalog lacks;
 *   LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function syncCatalog(
  { store, objects, catalog }: SyncCatalogPorts,
  stage: string,
  { lease, batch, outcomes }: SyncCatalogEvent,
): Promise<SyncCatalogResult> {
  await requireLease(store, lease);
  const tables: SyncCatalogResult['tables'] = [];
  for (const { dataset, status } of outcomes) {
    const describe = DESCRIPTIONS[status];
    if (describe === undefined || !isDatasetName(dataset)) continue;
    const { evolution } = termsOf(contracts[dataset], stage);
    const result = await describe(objects, batch, dataset);
    for (const table of result.tables) {
      await syncTable(catalog, evolution, table, batch.number);
      tables.push({ name: table.name, version: table.version, rows: table.rows });
    }
  }
  return { tables };
}

async function syncTable(
  catalog: Catalog,
  evolution: Evolution,
  delta: DeltaTable,
  batch: number,
): Promise<void> {
  const table = await catalog.table(delta.name);
  if (table === undefined) {
    throw new TableSchemaMismatch(
      `The catalog has no table ${catalog.database}.${delta.name}; deploy the stack again`,
    );
  }
  const added = addedColumns(table, evolution, delta);
  const parameters = {
    'lakehouse.version': String(delta.version),
    'lakehouse.rows': String(delta.rows),
    'lakehouse.batch': String(batch),
  };
  await catalog.update({
    ...inputOf(table),
    Parameters: { ...table.Parameters, ...parameters },
    StorageDescriptor: {
      ...table.StorageDescriptor,
      Columns: [
        ...(table.StorageDescriptor?.Columns ?? []),
        ...added.map(({ name, type }) => ({ Name: name, Type: type })),
      ],
    },
  });
}

function addedColumns(table: Table, evolution: Evolution, delta: DeltaTable): DeltaColumn[] {
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const { added, missing, changed } = compareColumns(
    columns.map(({ Name = '', Type = '' }) => ({ name: Name, type: Type })),
    delta.columns,
  );
  const strict = evolution === 'strict';
  const problems = [
    ...changed,
    ...(strict ? added.map(({ name, type }) => `${name} ${type} is not in the catalog`) : []),
    ...(strict ? missing.map((name) => `${name} is in the catalog only`) : []),
  ];
  if (problems.length === 0) return added;
  throw new TableSchemaMismatch(
    `The Delta table ${delta.name} differs from the catalog: ${problems.join('; ')}. Deploy the contract that the table ` +
      'was written with, or migrate the table.',
  );
}
