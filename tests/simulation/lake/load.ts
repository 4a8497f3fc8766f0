import { type JobResult, type Manifest, readManifest, readVerdicts } from '../../../src/batch/documents';
import { contracts, type DatasetName } from '../../../src/contract/contracts';
import { BatchNumberReused, JobInterrupted, RowsUnaccounted } from '../../../src/errors';
import { parseUri } from '../../../src/objects/objects';
import { type Classified, classifyRows } from './classify';
import { decide, type Decision } from './decide';
import { candidatesOf, type ParentVersions } from './candidates';
import type { Owned } from './lake';
import { rankRows } from './rank';
import { filesAgain, letExpiredGo, type Pinned, type Recall, recallOf, replacedRejects } from './replay';
import { lineId, linesOf, type Row } from './rows';
import { checkLease, type JobRun, type LoadedFile, readDocument, stepOf, writeDocument } from './run';
import type { DeltaTable } from './table';

/** The job ends with an error that a line of its files names. */
export class Poison extends RowsUnaccounted {
  constructor(readonly rule: string) {
    super(`the job ended with ${rule}`);
  }
}

/** The steps of glue/lakehouse/job.py, in their order. */
export async function load(run: JobRun): Promise<void> {
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
  const pinned = pinnedRows(run, manifest, owned);
  const accepted = new Set(files.map(({ fileId }) => fileId));
  const again = run.without.has('record')
    ? []
    : filesAgain(manifest.files).filter(({ fileId }) => accepted.has(fileId));
  const decision = transform(run, manifest, files, pinned, parents, recallOf(manifest, again, pinned));
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
  const rejects = toReject.map(({ row, reasons, missing }) => ({
    ...{ file: row.file, line: row.line, batch: batch.number },
    reasons: reasons === '' ? missing.join() : reasons,
    expired: reasons === '',
  }));
  if (again.length > 0) {
    const replace = replacedRejects(rejects, pinned.rejects, again);
    if (replace !== undefined) await once(owned.rejects, 'replace', replace);
  } else if (rejects.length > 0) {
    await once(owned.rejects, 'append', (rows) => [...rows, ...rejects]);
  }
  if (toWait.length > 0)
    await once(owned.orphans, 'append', (rows) => [...rows, ...toWait.map(({ row }) => row)]);
  await writeDocument(run, `prepared/${dataset}.json`, resultOf(run, decision, 'prepared', owned, parents));
  await checkLease(run);
  if (toMerge.length > 0) await once(owned.rows, 'merge', (rows) => mergeRows(rows, decision, batch.number));
  if (toRemove.length > 0 && !run.without.has('settled orphans')) {
    const settled = new Set(toRemove.map(({ row }) => lineId(row)));
    await once(owned.orphans, 'settle', (rows) => rows.filter((row) => !settled.has(lineId(row))));
  }
  await run.pause();
  await writeDocument(run, `results/${dataset}.json`, resultOf(run, decision, 'published', owned, parents));
}

type Change<R> = (rows: readonly R[]) => readonly R[];

async function isPublished(run: JobRun): Promise<boolean> {
  const result = await readDocument(run, `results/${run.dataset}.json`);
  return result?.['status'] === 'published' && result['manifestHash'] === run.batch.manifestHash;
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
      { table: owned.rejects, name: 'replace' },
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
  pinned: Pinned,
  parents: ParentVersions,
  recall: Recall,
): Decision {
  const poison = files.flatMap(({ lines }) => lines.flatMap(({ poison }) => poison ?? []))[0];
  if (poison !== undefined) throw new Poison(poison);
  const plannedAt = Date.parse(manifest.plannedAt);
  const { stored, orphans } = pinned;
  const oldest = plannedAt - manifest.orphanMaxAgeDays * 86_400_000;
  const candidates = candidatesOf(run, manifest, parents, { stored, orphans, files, recall });
  const known = candidates.map((candidate) => letExpiredGo(candidate, oldest));
  const classified = classifyRows(rankRows(known), oldest);
  const read = files.map(({ fileId, sequence, lines }) => ({ fileId, sequence, read: lines.length }));
  return decide(classified, stored, { files: read });
}

/** The tables as they were when the batch was planned. */
function pinnedRows({ without }: JobRun, manifest: Manifest, { rows, rejects, orphans }: Owned): Pinned {
  const at = <R>(table: DeltaTable<R>): readonly R[] =>
    without.has('pinned version') ? table.rows() : table.rows(manifest.tables[table.name] ?? -1);
  return { stored: at(rows), rejects: at(rejects), orphans: orphans === undefined ? [] : at(orphans) };
}

function mergeRows(rows: readonly Row[], { toMerge }: Decision, batch: number): Row[] {
  const incoming = new Map(toMerge.map((merge) => [merge.row.key, merge]));
  const kept = rows.map((row) => {
    const merge = incoming.get(row.key);
    incoming.delete(row.key);
    return merge !== undefined && isNewer(merge, row) ? { ...merge.row, batch } : row;
  });
  return [...kept, ...[...incoming.values()].map(({ row }) => ({ ...row, batch }))];
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
