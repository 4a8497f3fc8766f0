import { type DatasetName, tablesOf } from '../../../src/contract/contracts';
import { readSnapshot } from '../../../src/delta/snapshot';
import type { MemoryObjects } from './memoryObjects';

export const WAREHOUSE = 'warehouse';
const DAY = '2025-04-01';

/** Bytes of each data file. */
export const FILE_BYTES = 100;

/** Delta tables as far as the service sees them: commits with the files they add and remove, but for RESTORE. */
export class MemoryWarehouse {
  constructor(
    private readonly objects: MemoryObjects,
    private readonly now: () => Date,
  ) {}

  /** What a load of the dataset commits, the creation of its tables included. */
  load(dataset: DatasetName, batch: number): void {
    for (const { name, kind, partitionBy } of tablesOf(dataset)) {
      if (this.commits(name).length === 0) this.append(name, 'CREATE');
      if (kind !== 'rows') continue;
      this.append(name, `WRITE ${batch}`, [this.addition(name, `part-${batch}.parquet`, partitionBy)]);
    }
  }

  /** Returns the dataset's tables to the versions, each once in this batch; `guard` is asked before each commit. */
  async restore(
    dataset: DatasetName,
    batch: number,
    versions: Readonly<Record<string, number | null>>,
    guard: () => Promise<unknown>,
  ): Promise<void> {
    for (const { name } of tablesOf(dataset)) {
      const commits = this.commits(name);
      const target = versions[name] ?? 0;
      const isBack = commits.at(-1)?.startsWith(`RESTORE ${batch} `) === true;
      if (commits.length <= target + 1 || isBack) continue;
      await guard();
      const body = bodyOf(`RESTORE ${batch} TO ${target}`);
      await this.objects.write({ bucket: WAREHOUSE, key: keyOf(name, commits.length) }, body);
    }
  }

  /** Compacts a partition, once in this batch; `guard` is asked before. */
  async optimize(
    table: string,
    batch: number,
    values: Readonly<Record<string, string | null>>,
    guard: () => Promise<unknown>,
  ): Promise<void> {
    const operation = `OPTIMIZE ${batch} ${JSON.stringify(values)}`;
    if (this.commits(table).includes(operation)) return;
    await guard();
    const snapshot = await readSnapshot(this.objects, WAREHOUSE, table);
    const old = (snapshot?.files ?? []).filter(
      ({ partition }) => JSON.stringify(partition) === JSON.stringify(values),
    );
    const removals = old.map(({ path }) => ({ remove: { path, deletionTimestamp: this.now().getTime() } }));
    const [column = null] = Object.keys(values);
    const added = this.addition(table, `compact-${batch}.parquet`, column);
    const body = bodyOf(operation, [...removals, added]);
    await this.objects.write({ bucket: WAREHOUSE, key: keyOf(table, this.commits(table).length) }, body);
  }

  /** Takes rows out of the dataset's tables, once in this batch; `guard` is asked before each commit. */
  async erase(dataset: DatasetName, batch: number, guard: () => Promise<unknown>): Promise<void> {
    for (const { name } of tablesOf(dataset)) {
      const operation = `ERASE ${batch}`;
      if (this.commits(name).length === 0 || this.commits(name).includes(operation)) continue;
      await guard();
      const body = bodyOf(operation);
      await this.objects.write({ bucket: WAREHOUSE, key: keyOf(name, this.commits(name).length) }, body);
    }
  }

  /** A data file on the one day that there is, put down, as its commit names it. */
  private addition(table: string, name: string, column: string | null): object {
    const path = column === null ? name : `${column}=${DAY}/${name}`;
    this.objects.put(WAREHOUSE, `${table}/${path}`, '');
    return { add: { path, size: FILE_BYTES, partitionValues: column === null ? {} : { [column]: DAY } } };
  }

  /** The commits of a table, oldest first. */
  commits(table: string): string[] {
    const keys = this.objects.under(WAREHOUSE, `${table}/_delta_log/`);
    return keys.map((key) => operationOf(this.objects.text(WAREHOUSE, key) ?? '{}'));
  }

  version(table: string): number {
    return this.commits(table).length - 1;
  }

  /** Somebody writes a table by hand; no fault hits it. */
  append(table: string, what: string, actions: readonly object[] = []): void {
    this.objects.put(WAREHOUSE, keyOf(table, this.commits(table).length), bodyOf(what, actions));
  }

  /** Batches whose rows the dataset's table holds. */
  batchesIn(dataset: DatasetName): number[] {
    const versions: number[][] = [];
    for (const commit of this.commits(dataset)) {
      const [word, batch, , target] = commit.split(' ');
      const before = versions.at(-1) ?? [];
      if (word === 'RESTORE') versions.push(versions[Number(target)] ?? []);
      else versions.push(word === 'WRITE' ? [...before, Number(batch)] : before);
    }
    return versions.at(-1) ?? [];
  }
}

/** A commit as Delta writes it, with what the tests call it beside. */
function bodyOf(what: string, actions: readonly object[] = []): string {
  const [operation = '', batch] = what.split(' ');
  const userMetadata = JSON.stringify(batch === undefined ? {} : { batch: Number(batch) });
  const commitInfo = { operation: operation === 'CREATE' ? 'CREATE TABLE' : operation, userMetadata, what };
  return [{ commitInfo }, ...actions].map((action) => JSON.stringify(action)).join('\n');
}

function operationOf(body: string): string {
  const [first = '{}'] = body.split('\n');
  return (JSON.parse(first) as { commitInfo?: { what: string } }).commitInfo?.what ?? '';
}

function keyOf(table: string, version: number): string {
  return `${table}/_delta_log/${String(version).padStart(20, '0')}.json`;
}
