import { type DatasetName, tablesOf } from '../../../src/contract/contracts';
import type { MemoryObjects } from './memoryObjects';

export const WAREHOUSE = 'warehouse';

/** Delta tables as far as the service sees them: their commits, without data files. The operation says what committed. */
export class MemoryWarehouse {
  constructor(private readonly objects: MemoryObjects) {}

  /** What a load of the dataset commits, the creation of its tables included. */
  load(dataset: DatasetName, batch: number): void {
    for (const { name, kind } of tablesOf(dataset)) {
      if (this.commits(name).length === 0) this.append(name, 'CREATE');
      if (kind === 'rows') this.append(name, `WRITE ${batch}`);
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

  /** The commits of a table, oldest first. */
  commits(table: string): string[] {
    const keys = this.objects.under(WAREHOUSE, `${table}/_delta_log/`);
    return keys.map((key) => operationOf(this.objects.text(WAREHOUSE, key) ?? '{}'));
  }

  version(table: string): number {
    return this.commits(table).length - 1;
  }

  /** Somebody writes a table by hand; no fault hits it. */
  append(table: string, what: string): void {
    this.objects.put(WAREHOUSE, keyOf(table, this.commits(table).length), bodyOf(what));
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

function bodyOf(operation: string): string {
  return JSON.stringify({ commitInfo: { operation } });
}

function operationOf(body: string): string {
  return (JSON.parse(body) as { commitInfo?: { operation: string } }).commitInfo?.operation ?? '';
}

function keyOf(table: string, version: number): string {
  return `${table}/_delta_log/${String(version).padStart(20, '0')}.json`;
}
