import pMap from 'p-map';
import { type StatusTableOutput, type TableCommit } from '../../../generated/types/outputs/statusTable';
import { type Objects } from '../../objects/objects';
import { checker } from '../../schema/validator';
import { CommandFailed, UsageError } from '../errors';
import { renderTable } from '../table';

/** What Delta writes first into a commit: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#commit-provenance-information */
interface CommitLine {
  readonly commitInfo: {
    readonly timestamp?: number;
    readonly operation?: string;
    readonly engineInfo?: string;
    readonly userMetadata?: string;
  };
}

const check = checker<CommitLine>({
  type: 'object',
  required: ['commitInfo'],
  properties: {
    commitInfo: {
      type: 'object',
      properties: {
        timestamp: { type: 'integer' },
        operation: { type: 'string' },
        engineInfo: { type: 'string' },
        userMetadata: { type: 'string' },
      },
    },
  },
});
const checkBatch = checker<{ readonly batch: number }>({
  type: 'object',
  required: ['batch'],
  properties: { batch: { type: 'integer' } },
});

const COMMIT_FILE = /\/(\d{20})\.json$/u;
/** A commit lists every file it adds; its provenance stands before them. */
const PROVENANCE_BYTES = 65_536;
const CONCURRENCY = 8;

/** @throws UsageError when there is no such table. */
export function requireTable(table: string, tables: readonly string[]): void {
  if (tables.includes(table)) return;
  throw new UsageError(`There is no table ${table}: it is one of ${tables.join(', ')}`);
}

/**
 * The commits of a table's Delta log that are still there, newest first.
 *
 * @throws CommandFailed when it has no log yet.
 */
export async function history(
  table: string,
  warehouse: string,
  objects: Objects,
): Promise<StatusTableOutput> {
  const keys: string[] = [];
  for await (const key of objects.keys(warehouse, `${table}/_delta_log/`)) {
    if (COMMIT_FILE.test(key)) keys.push(key);
  }
  if (keys.length === 0) {
    throw new CommandFailed(
      `The table ${table} has no commit yet: it is created by the first load (lakehouse ingest)`,
    );
  }
  const commits = await pMap(keys, (key) => readCommit(objects, warehouse, key), {
    concurrency: CONCURRENCY,
  });
  return { history: commits.sort((a, b) => b.version - a.version) };
}

async function readCommit(objects: Objects, bucket: string, key: string): Promise<TableCommit> {
  const version = Number(COMMIT_FILE.exec(key)?.[1]);
  const info =
    provenance(await objects.read({ bucket, key }, PROVENANCE_BYTES)) ??
    provenance(await objects.read({ bucket, key })) ??
    {};
  return {
    version,
    timestamp: info.timestamp === undefined ? null : new Date(info.timestamp).toISOString(),
    operation: info.operation ?? null,
    engineInfo: info.engineInfo ?? null,
    batch: batchOf(info.userMetadata),
  };
}

function provenance(bytes: Uint8Array | undefined): CommitLine['commitInfo'] | undefined {
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const checked = check(parse(line));
    if (checked.ok) return checked.value.commitInfo;
  }
  return undefined;
}

function batchOf(userMetadata: string | undefined): number | null {
  const checked = checkBatch(parse(userMetadata ?? ''));
  return checked.ok ? checked.value.batch : null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // an empty last line, or one that the byte limit has cut
    return undefined;
  }
}

/** The history for people. */
export function renderHistory({ history: commits }: StatusTableOutput): string {
  return renderTable(
    ['version', 'timestamp', 'operation', 'batch', 'engine'],
    commits.map(({ version, timestamp, operation, batch, engineInfo }) => [
      version,
      timestamp,
      operation,
      batch,
      engineInfo,
    ]),
  );
}
