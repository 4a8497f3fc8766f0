import { type DatasetName, tablesOf } from '../../../src/contract/contracts';
import type { MemoryObjects } from './memoryObjects';

export const WAREHOUSE = 'warehouse';

/** Delta tables as far as the service sees them: the names of their commits. The body says what committed. */
export class MemoryWarehouse {
  constructor(private readonly objects: MemoryObjects) {}

  /** What a load of the dataset commits, the creation of its tables included. */
  load(dataset: DatasetName, batch: number): void {
    for (const { name, kind } of tablesOf(dataset)) {
      if (this.commits(name).length === 0) this.append(name, 'CREATE');
      if (kind === 'rows') this.append(name, `WRITE ${batch}`);
    }
  }

  /** Returns the dataset's tables to the versions before the batch, each once; `guard` is asked before each commit. */
  async restore(
    dataset: DatasetName,
    batch: number,
    pinned: Readonly<Record<string, number | null>>,
    guard: () => Promise<unknown>,
  ): Promise<void> {
    for (const { name } of tablesOf(dataset)) {
      const commits = this.commits(name);
      const changed = commits.length > (pinned[name] ?? 0) + 1;
      if (!changed || commits.at(-1) === `RESTORE ${batch}`) continue;
      await guard();
      await this.objects.write({ bucket: WAREHOUSE, key: keyOf(name, commits.length) }, `RESTORE ${batch}`);
    }
  }

  /** The commits of a table, oldest first. */
  commits(table: string): string[] {
    const keys = this.objects.under(WAREHOUSE, `${table}/_delta_log/`);
    return keys.map((key) => this.objects.text(WAREHOUSE, key) ?? '');
  }

  version(table: string): number {
    return this.commits(table).length - 1;
  }

  /** Somebody writes a table by hand; no fault hits it. */
  append(table: string, what: string): void {
    this.objects.put(WAREHOUSE, keyOf(table, this.commits(table).length), what);
  }

  /** Batches whose rows the dataset's table holds. */
  batchesIn(dataset: DatasetName): number[] {
    const named = (operation: string): number[] =>
      this.commits(dataset).flatMap((commit) => {
        const [word, batch] = commit.split(' ');
        return word === operation ? [Number(batch)] : [];
      });
    const restored = new Set(named('RESTORE'));
    return named('WRITE').filter((batch) => !restored.has(batch));
  }
}

function keyOf(table: string, version: number): string {
  return `${table}/_delta_log/${String(version).padStart(20, '0')}.json`;
}
