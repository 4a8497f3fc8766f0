import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import { type JobResult, type Manifest, readManifest, readVerdicts } from '../../../src/batch/documents';
import { contracts, type DatasetName } from '../../../src/contract/contracts';
import { BatchNumberReused, JobInterrupted, LakehouseError, RowsUnaccounted } from '../../../src/errors';
import { requireLease } from '../../../src/ledger/lease';
import { type Objects, parseUri } from '../../../src/objects/objects';
import type { Store } from '../../../src/store/store';
import { type Classified, classifyRows } from './classify';
import { decide, type Decision } from './decide';
import { candidatesOf, type ParentVersions } from './candidates';
import type { Lake, Owned } from './lake';
import { rankRows } from './rank';
import { type Line, linesOf, type Row } from './rows';
import type { DeltaTable, Step } from './table';

/** What a job run is started with, and what it reaches. */
export interface JobRun {
  readonly id: string;
  readonly dataset: DatasetName;
  readonly batch: Batch;
  readonly lease: Lease;
  readonly store: Store;
  readonly objects: Objects;
  readonly lake: Lake;
  /** Waits for its turn; anything may happen meanwhile. */
  readonly pause: () => Promise<void>;
  /** Whether this attempt takes an outage for a fault of the files. */
  readonly falsePoison: () => boolean;
  /** Rules that a planted defect switches off. */
  readonly without: ReadonlySet<
    'marker' | 'confirmation' | 'pinned version' | 'pinned parents' | 'settled orphans'
  >;
}

/** A file of the batch with its lines. */
export interface LoadedFile {
  readonly fileId: string;
  readonly sequence: string;
  readonly lines: readonly Line[];
}

/** The steps of glue/lakehouse/job.py, in their order; a failure leaves its document and is thrown. */
export async function runJob(run: JobRun): Promise<void> {
  try {
    await work(run);
  } catch (error) {
    const named = error instanceof LakehouseError ? error : new JobInterrupted(String(error));
    const failure = { name: errorName(named), family: named.family, message: named.message };
    const document = { dataset: run.dataset, number: run.batch.number, jobRunId: run.id, error: failure };
    await write(run, `failures/${run.dataset}.json`, document).catch(() => undefined);
    throw error;
  }
}

/** A line that poisons a job names the error, so that two such files do not pass for an outage. */
function errorName(error: LakehouseError): string {
  return error instanceof Poison ? error.rule : error.name;
}

class Poison extends RowsUnaccounted {
  constructor(readonly rule: string) {
    super(`the job ended with ${rule}`);
  }
}

async function work(run: JobRun): Promise<void> {
  const { batch, dataset, objects, lake } = run;
  if (await isPublished(run)) return;
  await checkLease(run);
  const manifest = await readManifest(objects, batch);
  const owned = lake.datasets[dataset];
  const files = await readFiles(run, manifest);
  for (const table of [owned.rows, owned.rejects, owned.orphans]) {
    await run.pause();
    table?.create();
  }
  const done = doneSteps(run, owned);
  await run.pause();
  // the transform is a function of the manifest: what it let pass once it lets pass again
  if (done.size === 0 && run.falsePoison()) throw new RowsUnaccounted('an outage that looks like poison');
  const parents = await pinParents(run);
  const decision = transform(run, manifest, files, owned, parents);
  await checkLease(run);
  const once = async <R>(
    table: DeltaTable<R> | undefined,
    name: string,
    change: Change<R>,
  ): Promise<void> => {
    const step = stepOf(batch, table?.name ?? '', name);
    if (table === undefined || done.has(step.appId)) return;
    await run.pause();
    const kind = name === 'append' ? 'append' : 'merge';
    const transaction = table.begin(step, kind, !run.without.has('marker'));
    await run.pause();
    if (transaction.due) transaction.commit(change);
  };
  const { toReject, toWait, toMerge, toRemove } = decision;
  if (toReject.length > 0) {
    const rejects = toReject.map(({ row }) => ({ file: row.file, line: row.line, batch: batch.number }));
    await once(owned.rejects, 'append', (rows) => [...rows, ...rejects]);
  }
  if (toWait.length > 0) {
    const waitingSince = Date.parse(manifest.plannedAt);
    const orphans = toWait.map(({ row }) => ({ ...row, waitingSince }));
    await once(owned.orphans, 'append', (rows) => [...rows, ...orphans]);
  }
  await write(run, `results/${dataset}.json`, resultOf(run, decision, 'prepared', owned, parents));
  await checkLease(run);
  if (toMerge.length > 0) await once(owned.rows, 'merge', (rows) => mergeRows(rows, decision));
  if (toRemove.length > 0 && !run.without.has('settled orphans')) {
    const settled = new Set(toRemove.map(({ row }) => lineId(row)));
    await once(owned.orphans, 'settle', (rows) => rows.filter((row) => !settled.has(lineId(row))));
  }
  await run.pause();
  await write(run, `results/${dataset}.json`, resultOf(run, decision, 'published', owned, parents));
}

type Change<R> = (rows: readonly R[]) => readonly R[];

async function isPublished({ objects, batch, dataset }: JobRun): Promise<boolean> {
  const bytes = await objects.read(parseUri(`${batch.prefix}results/${dataset}.json`));
  if (bytes === undefined) return false;
  const result = JSON.parse(Buffer.from(bytes).toString()) as JobResult;
  return result.status === 'published' && result.manifestHash === batch.manifestHash;
}

async function checkLease({ store, lease }: JobRun): Promise<void> {
  await requireLease(store, lease);
}

/** The accepted files of the dataset, from their copies in processing/. */
async function readFiles({ objects, batch, dataset }: JobRun, manifest: Manifest): Promise<LoadedFile[]> {
  const accepted = new Set<string>();
  const mine = manifest.files.filter((file) => file.dataset === dataset);
  for (const chunk of new Set(mine.map((file) => file.chunk))) {
    const { verdicts } = await readVerdicts(objects, batch, chunk);
    for (const verdict of verdicts) if (verdict.accepted) accepted.add(verdict.fileId);
  }
  const files: LoadedFile[] = [];
  for (const { fileId, sequence, processingKey } of mine) {
    if (!accepted.has(fileId)) continue;
    const bytes = await objects.read({ bucket: manifest.landingBucket, key: processingKey });
    // Spark names a path that is not there with an error of its own, which the job cannot tell from an outage
    if (bytes === undefined) throw new JobInterrupted(`PATH_NOT_FOUND ${processingKey}`);
    files.push({ fileId, sequence, lines: linesOf(Buffer.from(bytes).toString()) });
  }
  return files;
}

/** Steps whose marker is there from an earlier attempt (glue/lakehouse/steps.py). */
function doneSteps({ batch }: JobRun, owned: Owned): Set<string> {
  const steps = [
    ...[
      { table: owned.rows, name: 'merge' },
      { table: owned.rejects, name: 'append' },
    ],
    ...(owned.orphans === undefined
      ? []
      : [
          { table: owned.orphans, name: 'append' },
          { table: owned.orphans, name: 'settle' },
        ]),
  ];
  const done = new Set<string>();
  for (const { table, name } of steps) {
    const { appId } = stepOf(batch, table.name, name);
    const marker = table.marker(appId);
    if (marker === undefined || marker.number < batch.number) continue;
    if (marker.number > batch.number || marker.manifestHash !== batch.manifestHash)
      throw new BatchNumberReused(`${table.name} holds batch ${marker.number} of another manifest`);
    done.add(appId);
  }
  return done;
}

function stepOf({ epoch, number, manifestHash }: Batch, table: string, name: string): Step {
  return { appId: `${epoch}/${table}/${name}`, number, manifestHash };
}

/** The parents' versions that the first attempt saw (glue/lakehouse/parent_versions.py). */
async function pinParents({ objects, batch, dataset, lake, without }: JobRun): Promise<ParentVersions> {
  const parents = contracts[dataset]['x-foreignKeys'].map((key) => key.dataset as DatasetName);
  const seen = Object.fromEntries(parents.map((name) => [name, lake.datasets[name].rows.version]));
  const uri = parseUri(`${batch.prefix}parents/${batch.manifestHash}/${dataset}.json`);
  if (without.has('pinned parents') || (await objects.writeOnce(uri, JSON.stringify(seen)))) return seen;
  const pinned = await objects.read(uri);
  return pinned === undefined ? seen : (JSON.parse(Buffer.from(pinned).toString()) as ParentVersions);
}

function transform(
  run: JobRun,
  manifest: Manifest,
  files: readonly LoadedFile[],
  owned: Owned,
  parents: ParentVersions,
): Decision {
  const poison = files.flatMap(({ lines }) => lines.flatMap(({ poison }) => poison ?? []))[0];
  if (poison !== undefined) throw new Poison(poison);
  const plannedAt = Date.parse(manifest.plannedAt);
  const pinned = <R>(table: DeltaTable<R> | undefined): readonly R[] =>
    run.without.has('pinned version')
      ? (table?.rows() ?? [])
      : (table?.rows(manifest.tables[table.name] ?? -1) ?? []);
  const stored = pinned(owned.rows);
  const candidates = candidatesOf(run, manifest, parents, { stored, orphans: pinned(owned.orphans), files });
  const classified = classifyRows(rankRows(candidates), plannedAt - manifest.orphanMaxAgeDays * 86_400_000);
  const read = files.map(({ fileId, sequence, lines }) => ({ fileId, sequence, read: lines.length }));
  return decide(classified, stored, { files: read, plannedAt: manifest.plannedAt });
}

function mergeRows(rows: readonly Row[], { toMerge }: Decision): Row[] {
  const incoming = new Map(toMerge.map((merge) => [merge.row.key, merge]));
  const kept = rows.map((row) => {
    const merge = incoming.get(row.key);
    incoming.delete(row.key);
    return merge !== undefined && isNewer(merge, row) ? merge.row : row;
  });
  return [...kept, ...[...incoming.values()].map(({ row }) => row)];
}

/** The guard of the merge: a stored row yields to a newer one, or to a later line of its own file. */
function isNewer({ row, effective, base }: Classified, stored: Row): boolean {
  const known = base?.effective ?? '';
  if (row.file === stored.file) return row.line > stored.line && effective >= known;
  return effective > stored.sequence && effective > known;
}

function resultOf(
  run: JobRun,
  { files, redriven, confirmations, orphans }: Decision,
  status: JobResult['status'],
  owned: Owned,
  parents: ParentVersions,
): JobResult {
  const tables = [owned.rows, owned.rejects, owned.orphans].flatMap((table) =>
    table === undefined || status === 'prepared'
      ? []
      : [{ name: table.name, version: table.version, rows: table.rows().length, columns: [] }],
  );
  const { number, manifestHash } = run.batch;
  return {
    ...{
      dataset: run.dataset,
      number,
      manifestHash,
      jobRunId: run.id,
      status,
      files,
      redriven,
      confirmations,
    },
    orphans: owned.orphans === undefined ? null : orphans,
    ...{ rejectedFiles: [], tables, parents },
  };
}

async function write({ objects, batch }: JobRun, name: string, document: unknown): Promise<void> {
  await objects.write(parseUri(`${batch.prefix}${name}`), JSON.stringify(document));
}

function lineId({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}
