/** What the tables must hold: a second, simple reading of the rules that owes nothing to the production code. */
import { contracts, type DatasetName, datasetNames } from '../../src/contract/contracts';
import type { Counts } from '../e2e/lakehouse';
import type { Row } from '../e2e/rows';
import { type DataFile, keyOf, type Line } from './deliveries';

/** A file with the batch that took it; the order of delivery is that of the list. */
export interface Delivered {
  readonly file: DataFile;
  readonly batch: number;
}

export interface Expected {
  /** By dataset the rows of the table, by primary key. */
  readonly tables: Record<DatasetName, Map<string, Row>>;
  readonly orphans: Map<string, Row>;
  /** `key of the file:line:rule` */
  readonly rejects: Set<string>;
  /** In the order of delivery. */
  readonly counts: Counts[];
}

interface Candidate {
  readonly key: string;
  readonly cells: Row;
  readonly at: number;
}

const none: Counts = {
  ...{ read: 0, inserted: 0, updated: 0, unchanged: 0 },
  ...{ superseded: 0, duplicate: 0, rejected: 0, orphaned: 0 },
};

export function expected(delivered: readonly Delivered[]): Expected {
  const lake = new Lake(delivered.length);
  const batches = [...new Set(delivered.map(({ batch }) => batch))].sort((a, b) => a - b);
  for (const batch of batches) {
    for (const dataset of datasetNames) {
      const candidates = delivered.flatMap(({ file, batch: of }, at) =>
        of === batch && file.dataset === dataset ? lake.judge(file, at) : [],
      );
      lake.load(dataset, candidates);
    }
  }
  const rows = (candidates: Map<string, Candidate>): Map<string, Row> =>
    new Map([...candidates].map(([key, { cells }]) => [key, cells]));
  const { tables, rejects, counts } = lake;
  return {
    tables: {
      products: rows(tables.products),
      orders: rows(tables.orders),
      order_items: rows(tables.order_items),
    },
    ...{ orphans: rows(lake.waiting), rejects, counts },
  };
}

class Lake {
  readonly tables: Record<DatasetName, Map<string, Candidate>> = {
    products: new Map(),
    orders: new Map(),
    order_items: new Map(),
  };
  readonly waiting = new Map<string, Candidate>();
  readonly rejects = new Set<string>();
  readonly counts: Counts[];

  constructor(files: number) {
    this.counts = Array.from({ length: files }, () => ({ ...none }));
  }

  /** The rows that break no rule. */
  judge(file: DataFile, at: number): Candidate[] {
    return file.lines.flatMap(({ cells, breaks }: Line, index) => {
      this.count(at, 'read');
      if (breaks === undefined) return [{ key: cells[keyColumn(file.dataset)] ?? '', cells, at }];
      this.count(at, 'rejected');
      this.rejects.add(`${keyOf(file)}:${index + 2}:${breaks}`);
      return [];
    });
  }

  load(dataset: DatasetName, candidates: readonly Candidate[]): void {
    const newest = new Map<string, Candidate>();
    for (const candidate of candidates) {
      const older = newest.get(candidate.key);
      if (older !== undefined)
        this.count(
          older.at,
          older.at === candidate.at && same(older, candidate) ? 'duplicate' : 'superseded',
        );
      newest.set(candidate.key, candidate);
    }
    const arrived = [...newest.values()].sort((a, b) => a.at - b.at);
    for (const candidate of arrived) this.place(dataset, candidate);
    if (dataset === 'order_items') this.driveAgain();
  }

  private place(dataset: DatasetName, candidate: Candidate): void {
    const stored = this.tables[dataset].get(candidate.key);
    if (stored !== undefined && stored.at > candidate.at) {
      this.count(candidate.at, 'superseded');
    } else if (!this.hasParents(dataset, candidate)) {
      this.count(candidate.at, 'orphaned');
      this.waiting.set(candidate.key, candidate);
    } else {
      const changed = stored === undefined || !same(stored, candidate);
      this.count(candidate.at, stored === undefined ? 'inserted' : changed ? 'updated' : 'unchanged');
      this.tables[dataset].set(candidate.key, candidate);
    }
  }

  /** Rows that wait and whose parents are there now; they count for the file that they came from. */
  private driveAgain(): void {
    for (const [key, candidate] of this.waiting) {
      if (!this.hasParents('order_items', candidate)) continue;
      this.waiting.delete(key);
      this.count(candidate.at, 'inserted');
      this.count(candidate.at, 'orphaned', -1);
      this.tables.order_items.set(key, candidate);
    }
  }

  private hasParents(dataset: DatasetName, { cells }: Candidate): boolean {
    if (dataset !== 'order_items') return true;
    return (
      this.tables.orders.has(cells['order_id'] ?? '') && this.tables.products.has(cells['product_id'] ?? '')
    );
  }

  private count(at: number, outcome: keyof Counts, by = 1): void {
    const counts = this.counts[at];
    if (counts !== undefined) counts[outcome] += by;
  }
}

export function keyColumn(dataset: DatasetName): string {
  return contracts[dataset]['x-primaryKey'];
}

function same(a: Candidate, b: Candidate): boolean {
  return JSON.stringify(a.cells) === JSON.stringify(b.cells);
}

/** Cells as a query of the table shows them. */
export function asStored(dataset: DatasetName, cells: Row): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(contracts[dataset].properties).map(([name, { type, format }]) => {
      const text = cells[name] ?? '';
      if (text === '') return [name, null];
      if (type === 'boolean') return [name, text === '1' ? 'true' : 'false'];
      return [name, format === 'date-time' ? `${text.replace('T', ' ')}.000 UTC` : text];
    }),
  );
}
