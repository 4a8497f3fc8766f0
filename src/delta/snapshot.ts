import { parquetReadObjects } from 'hyparquet';
import pMap from 'p-map';
import { DocumentMissing, InvalidDocument } from '../errors';
import { type Objects } from '../objects/objects';
import { checker } from '../schema/validator';

/** A data file of a table: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#add-file-and-remove-file */
export interface DataFile {
  readonly path: string;
  readonly bytes: number;
  /** Values of the partition columns by name; empty for a table without partitions. */
  readonly partition: Readonly<Record<string, string | null>>;
  /** null when its writer kept no statistics. */
  readonly rows: number | null;
}

/** The files that a version of a table consists of. */
export interface Snapshot {
  readonly version: number;
  readonly files: readonly DataFile[];
  /** When files left the table, in milliseconds since the epoch, by path: those that its log still names. */
  readonly removed: ReadonlyMap<string, number>;
}

interface Add {
  readonly path: string;
  readonly size: number | bigint;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly stats?: string | null;
}
interface Action {
  readonly add?: Add | null;
  readonly remove?: { readonly path: string; readonly deletionTimestamp?: number | bigint | null } | null;
}

const file = {
  type: 'object',
  required: ['path', 'size', 'partitionValues'],
  properties: {
    path: { type: 'string' },
    size: {},
    partitionValues: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
    stats: { type: ['string', 'null'] },
  },
};
const checkAction = checker<Action>({
  type: 'object',
  properties: {
    add: { oneOf: [{ type: 'null' }, file] },
    remove: {
      type: ['object', 'null'],
      required: ['path'],
      properties: { path: { type: 'string' }, deletionTimestamp: {} },
    },
  },
});
const checkStats = checker<{ readonly numRecords: number }>({
  type: 'object',
  required: ['numRecords'],
  properties: { numRecords: { type: 'integer' } },
});

const LOG_FILE = /\/_delta_log\/(\d{20})(\.json|\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet)$/u;
const CONCURRENCY = 8;

interface LogFiles {
  readonly commits: ReadonlyMap<number, string>;
  /** The parts of a checkpoint, and how many they have to be. */
  readonly checkpoints: ReadonlyMap<number, { readonly parts: string[]; readonly of: number }>;
}

/**
 * The Delta table in s3://<warehouse>/<table> at a version, or at its newest, from the last whole checkpoint until then and the
 * commits after it; undefined while it has no log.
 *
 * @throws DocumentMissing when a commit in between is gone.
 */
export async function readSnapshot(
  objects: Pick<Objects, 'keys' | 'read'>,
  warehouse: string,
  table: string,
  at?: number,
): Promise<Snapshot | undefined> {
  const { commits, checkpoints } = await listLog(objects, warehouse, table);
  if (commits.size === 0) return undefined;
  const version = at ?? Math.max(...commits.keys());
  const whole = [...checkpoints].filter(([at, { parts, of }]) => at <= version && parts.length === of);
  const from = whole.length === 0 ? -1 : Math.max(...whole.map(([at]) => at));
  const later = Array.from({ length: version - from }, (_, index) => from + 1 + index);
  const actions = [
    ...(await pMap(checkpoints.get(from)?.parts ?? [], (key) => checkpointActions(objects, warehouse, key))),
    ...(await pMap(later, (at) => commitActions(objects, warehouse, table, commits.get(at), at), {
      concurrency: CONCURRENCY,
    })),
  ].flat();
  const files = new Map<string, DataFile>();
  const removed = new Map<string, number>();
  for (const { add, remove } of actions) {
    if (remove) {
      files.delete(remove.path);
      removed.set(remove.path, Number(remove.deletionTimestamp ?? 0));
    }
    if (add) {
      files.set(add.path, dataFile(add));
      removed.delete(add.path);
    }
  }
  return { version, files: [...files.values()], removed };
}

async function listLog(objects: Pick<Objects, 'keys'>, bucket: string, table: string): Promise<LogFiles> {
  const commits = new Map<number, string>();
  const checkpoints = new Map<number, { parts: string[]; of: number }>();
  for await (const key of objects.keys(bucket, `${table}/_delta_log/`)) {
    const [, digits, kind, , of = '1'] = LOG_FILE.exec(key) ?? [];
    if (digits === undefined) continue;
    const version = Number(digits);
    if (kind === '.json') commits.set(version, key);
    else {
      const known = checkpoints.get(version) ?? { parts: [], of: Number(of) };
      checkpoints.set(version, { ...known, parts: [...known.parts, key] });
    }
  }
  return { commits, checkpoints };
}

async function commitActions(
  objects: Pick<Objects, 'read'>,
  bucket: string,
  table: string,
  key: string | undefined,
  version: number,
): Promise<Action[]> {
  const bytes = key === undefined ? undefined : await objects.read({ bucket, key });
  if (bytes === undefined) {
    throw new DocumentMissing(
      `The Delta log of ${table} has no commit ${version} and no checkpoint after it: restore s3://${bucket}/${table}/_delta_log/ ` +
        'from the previous versions of its objects',
    );
  }
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => actionOf(JSON.parse(line), key ?? ''));
}

async function checkpointActions(
  objects: Pick<Objects, 'read'>,
  bucket: string,
  key: string,
): Promise<Action[]> {
  const bytes = await objects.read({ bucket, key });
  if (bytes === undefined) throw new DocumentMissing(`s3://${bucket}/${key} is gone; run the command again`);
  const buffer = new Uint8Array(bytes).buffer;
  const rows: unknown[] = await parquetReadObjects({ file: buffer, columns: ['add', 'remove'] });
  return rows.map((row) => actionOf(row, key));
}

/** @throws InvalidDocument: a file that is not counted would make every sum wrong. */
function actionOf(value: unknown, where: string): Action {
  const checked = checkAction(value);
  if (checked.ok) return checked.value;
  throw new InvalidDocument(
    `${where} has an action that this version cannot read: ${checked.problems.join('; ')}`,
  );
}

function dataFile({ path, size, partitionValues, stats }: Add): DataFile {
  return { path, bytes: Number(size), partition: partitionValues, rows: rowsOf(stats) };
}

function rowsOf(stats: string | null | undefined): number | null {
  try {
    const checked = checkStats(JSON.parse(stats ?? 'null'));
    return checked.ok ? checked.value.numRecords : null;
  } catch {
    return null;
  }
}
