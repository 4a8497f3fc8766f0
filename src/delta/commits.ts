import pMap from 'p-map';
import { type TableCommit } from '../../generated/types/outputs/statusTable';
import { type Objects } from '../objects/objects';
import { checker } from '../schema/validator';

/** What Delta writes first into a commit: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#commit-provenance-information */
interface CommitLine {
  readonly commitInfo: {
    readonly timestamp?: number;
    readonly operation?: string;
    /** Texts by Spark, numbers by other writers. */
    readonly operationMetrics?: Readonly<Record<string, unknown>>;
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
        operationMetrics: { type: 'object' },
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

const COMMIT_FILE = /\/_delta_log\/(\d{20})\.json$/u;
/** A commit lists every file it adds; its provenance stands before them. */
const PROVENANCE_BYTES = 65_536;
const CONCURRENCY = 8;

/** The commits of a table's Delta log that are still there, newest first; none before its first load. */
export async function readCommits(
  objects: Pick<Objects, 'keys' | 'read'>,
  warehouse: string,
  table: string,
): Promise<TableCommit[]> {
  const keys: string[] = [];
  for await (const key of objects.keys(warehouse, `${table}/_delta_log/`)) {
    if (COMMIT_FILE.test(key)) keys.push(key);
  }
  const commits = await pMap(keys, (key) => readCommit(objects, warehouse, key), {
    concurrency: CONCURRENCY,
  });
  return commits.sort((a, b) => b.version - a.version);
}

async function readCommit(objects: Pick<Objects, 'read'>, bucket: string, key: string): Promise<TableCommit> {
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
    rows: rowsOf(info.operationMetrics),
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

/**
 * Rows that a commit changed, as Delta counts them: a MERGE and a DELETE by target row, a WRITE by output row. Null for
 * operations that count no rows (CREATE TABLE, RESTORE, OPTIMIZE).
 * https://github.com/delta-io/delta/blob/v3.3.2/spark/src/main/scala/org/apache/spark/sql/delta/DeltaOperations.scala
 */
function rowsOf(metrics: Readonly<Record<string, unknown>> = {}): TableCommit['rows'] {
  const count = (...names: string[]): number | undefined => {
    const found = names.map((name) => metrics[name]).find((value) => value !== undefined);
    return found === undefined ? undefined : Number(found);
  };
  const inserted = count('numTargetRowsInserted');
  if (inserted !== undefined) {
    return {
      inserted,
      updated: count('numTargetRowsUpdated') ?? 0,
      deleted: count('numTargetRowsDeleted') ?? 0,
    };
  }
  const deleted = count('numDeletedRows');
  if (deleted !== undefined) return { inserted: 0, updated: count('numUpdatedRows') ?? 0, deleted };
  const written = metrics['numOutputBytes'] === undefined ? undefined : count('numOutputRows');
  return written === undefined ? null : { inserted: written, updated: 0, deleted: 0 };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // an empty last line, or one that the byte limit has cut
    return undefined;
  }
}
