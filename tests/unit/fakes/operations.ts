import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { Outcome } from '../../../generated/types/states/outcome';
import type { Manifest } from '../../../src/batch/documents';
import { isDatasetName, tablesOf } from '../../../src/contract/contracts';
import { eraseObjects } from '../../../src/erasure/eraseObjects';
import { requireLease } from '../../../src/ledger/lease';
import { noRows } from '../../../src/outcome/rows';
import { documentAt, type World } from './world';

/** What the Glue jobs leave behind that take a batch out of their tables again. */
export async function restore(
  world: World,
  lease: Lease,
  batch: Batch,
  datasets: readonly string[],
): Promise<Outcome[]> {
  const { number, manifestHash } = batch;
  const { tables, rollback } = world.document(batch.manifest) as Manifest;
  const versions = { ...tables, ...rollback?.restore };
  const outcomes: Outcome[] = [];
  for (const dataset of datasets.filter(isDatasetName)) {
    await world.warehouse.restore(dataset, number, versions, () => requireLease(world.store, lease));
    const restored = tablesOf(dataset).map(({ name }) => ({
      ...{ name, version: world.warehouse.version(name), rows: 0, columns: [] },
      files: { count: 0, small: 0, bytes: 0 },
    }));
    await world.objects.write(
      documentAt(batch, `restored/${dataset}.json`),
      JSON.stringify({ dataset, number, manifestHash, jobRunId: 'jr', tables: restored }),
    );
    outcomes.push({ dataset, status: 'RESTORED', attempts: 1 });
  }
  return outcomes;
}

/** What the Glue jobs leave behind that maintain their tables; one that is poisoned fails before it begins. */
export async function maintain(
  world: World,
  lease: Lease,
  batch: Batch,
  datasets: readonly string[],
): Promise<Outcome[]> {
  const { number, manifestHash } = batch;
  const { maintenance } = world.document(batch.manifest) as Manifest;
  const outcomes: Outcome[] = [];
  for (const dataset of datasets.filter(isDatasetName)) {
    const error = world.poison(dataset, []);
    if (error !== undefined) {
      const failure = { name: error, family: 'terminal', message: `${error} happened` } as const;
      outcomes.push({ dataset, status: 'FAILED', attempts: 1, failure });
      continue;
    }
    const mine = new Set(tablesOf(dataset).map(({ name }) => name));
    const work = (maintenance?.tables ?? []).filter(({ name }) => mine.has(name));
    for (const { name, partitions } of work)
      for (const { values } of partitions)
        await world.warehouse.optimize(name, number, values, () => requireLease(world.store, lease));
    const document = {
      ...{ dataset, number, manifestHash, jobRunId: 'jr' },
      tables: work.map(({ name }) => ({
        name,
        version: world.warehouse.version(name),
        rows: 1,
        columns: [],
      })),
      maintained: work.map(({ name, files, bytes, partitions, expired }) => ({
        ...{
          name,
          filesBefore: files,
          filesAfter: partitions.length,
          bytesBefore: bytes,
          bytesAfter: bytes,
        },
        ...{ partitionsDone: partitions.length, partitionsLeft: 0, vacuum: 'DONE', filesRemoved: expired },
        seconds: 1,
      })),
    };
    await world.objects.write(documentAt(batch, `maintained/${dataset}.json`), JSON.stringify(document));
    outcomes.push({ dataset, status: 'MAINTAINED', attempts: 1 });
  }
  return outcomes;
}

/** What the Glue jobs leave behind that erase a person from their tables, each once, and the function after them. */
export async function erase(
  world: World,
  lease: Lease,
  batch: Batch,
  datasets: readonly string[],
): Promise<Outcome[]> {
  const { number, manifestHash } = batch;
  const outcomes: Outcome[] = [];
  for (const dataset of datasets.filter(isDatasetName)) {
    await world.warehouse.erase(dataset, number, () => requireLease(world.store, lease));
    const [file] = world.merged.findLast((merge) => merge.dataset === dataset)?.fileIds ?? [];
    const rows = { ...noRows, inserted: -1, erased: 1 };
    const document = {
      ...{ dataset, number, manifestHash, jobRunId: 'jr', unsearchable: [] },
      files: file === undefined ? [] : [{ fileId: file, key: `archived/${dataset}/${file}`, lines: [2] }],
      redriven: file === undefined ? [] : [{ fileId: file, rows }],
      erased: tablesOf(dataset).map(({ name }) => ({ name, rows: 1 })),
      tables: tablesOf(dataset).map(({ name }) => ({
        ...{ name, version: Math.max(0, world.warehouse.version(name)), rows: 0, columns: [] },
      })),
    };
    await world.objects.write(documentAt(batch, `erased/${dataset}.json`), JSON.stringify(document));
    outcomes.push({ dataset, status: 'ERASED', attempts: 1 });
  }
  await eraseObjects(world, { lease, batch });
  return outcomes;
}
