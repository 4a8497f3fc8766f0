import pMap from 'p-map';
import { type Table } from '../../contract/contracts';
import { readCommits } from '../../delta/commits';
import { readSnapshot } from '../../delta/snapshot';
import { type ControlItem, type EntryItem, type FileItem } from '../../ledger/items';
import { type Objects } from '../../objects/objects';
import { type BatchFacts, type Facts, type Run, type TableFacts } from '../facts';
import { readBatches } from './batches';
import { readRejects, readSamples, type RunQuery } from './samples';

/** What a report reads; nothing of it changes anything. */
export interface ReadPorts {
  readonly control: () => Promise<ControlItem | undefined>;
  /** Those of the numbers that exist. */
  readonly entries: (numbers: readonly number[]) => Promise<readonly EntryItem[]>;
  readonly files: (fileIds: readonly string[]) => Promise<ReadonlyMap<string, FileItem>>;
  /** The oldest files that wait to be planned, at most `limit`. */
  readonly pending: (limit: number) => Promise<readonly { readonly fileId: string }[]>;
  /** undefined for an execution that Step Functions has forgotten. */
  readonly run: (executionArn: string) => Promise<Run | undefined>;
  readonly query: RunQuery;
  readonly objects: Objects;
  readonly now: () => Date;
}

export interface ReadOptions {
  readonly stage: string;
  readonly warehouse: string;
  readonly artefacts: string;
  readonly tables: readonly Table[];
}

/** Batches whose trend is shown. */
const SHOWN_BATCHES = 30;
const SHOWN_PENDING = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
const CONCURRENCY = 3;

/** Everything that a report shows, from the ledger, the documents, Step Functions, the Delta logs and Athena. */
export async function readFacts(ports: ReadPorts, options: ReadOptions): Promise<Facts> {
  const { stage, warehouse, artefacts, tables } = options;
  const control = await ports.control();
  const last = (control?.nextNumber ?? 1) - 1;
  const numbers = Array.from({ length: Math.min(last, SHOWN_BATCHES) }, (_, index) => last - index);
  const entries = [...(await ports.entries(numbers))].sort((a, b) => a.number - b.number);
  const batches = await readBatches(ports.objects, artefacts, entries);
  const tableFacts = await pMap(tables, (table) => readTable(ports.objects, warehouse, table), {
    concurrency: CONCURRENCY,
  });
  const [first] = entries;
  const newest = entries.at(-1);
  return {
    ...{ stage, control, batches },
    writtenAt: ports.now().toISOString(),
    files: await lastDaysFiles(ports, batches),
    run: newest && (await ports.run(newest.executionArn)),
    tables: tableFacts,
    rejects: first === undefined ? [] : await readRejects(ports.query, tableFacts, first.number),
    samples: await readSamples(ports.query, tableFacts),
  };
}

async function readTable(objects: Objects, warehouse: string, table: Table): Promise<TableFacts> {
  return {
    table,
    commits: await readCommits(objects, warehouse, table.name),
    snapshot: await readSnapshot(objects, warehouse, table.name),
  };
}

/** Files of the batches of the day that ends with the last batch, and those that wait. */
async function lastDaysFiles(ports: ReadPorts, batches: readonly BatchFacts[]): Promise<FileItem[]> {
  const end = Date.parse(batches.at(-1)?.entry.openedAt ?? '');
  const recent = batches.filter(({ entry }) => Date.parse(entry.openedAt) > end - DAY_MS);
  const taken = recent.flatMap(({ manifest }) => manifest?.files ?? []);
  const waiting = await ports.pending(SHOWN_PENDING);
  const ids = new Set([...taken, ...waiting].map(({ fileId }) => fileId));
  return [...(await ports.files([...ids])).values()];
}
