import { type Manifest, readManifest } from '../../../src/batch/documents';
import { BatchNumberReused, LeaseLost } from '../../../src/errors';
import { checkLease, type JobRun, readDocument, stepOf, writeDocument } from './run';
import type { DeltaTable, Step } from './table';

/** The steps of glue/lakehouse/withdraw.py, in their order. */
export async function withdraw(run: JobRun): Promise<void> {
  const { batch, dataset, objects, lake } = run;
  const document = `restored/${dataset}.json`;
  const earlier = await readDocument(run, document);
  if (earlier?.['manifestHash'] === batch.manifestHash) return;
  await checkLease(run);
  const manifest = await readManifest(objects, batch);
  const { rows, rejects, orphans } = lake.datasets[dataset];
  const tables = [rows, rejects, orphans].filter((table) => table !== undefined && table.version >= 0);
  for (const table of tables) {
    if (table === undefined || (table === rejects && run.without.has('restored rejects'))) continue;
    await restore<unknown>(run, table, manifest);
  }
  const { number, manifestHash } = batch;
  await writeDocument(run, document, {
    ...{ dataset, number, manifestHash, jobRunId: run.id },
    tables: tables.flatMap((table) =>
      table === undefined
        ? []
        : [{ name: table.name, version: table.version, rows: table.rows().length, columns: [] }],
    ),
  });
}

/** Returns the table to its version, unless it has nothing to undo or is back already. */
async function restore<R>(run: JobRun, table: DeltaTable<R>, { tables, rollback }: Manifest): Promise<void> {
  const { batch, without } = run;
  await run.pause();
  const planned = tables[table.name] ?? 0;
  const version = rollback === undefined ? planned : rollback.restore[table.name];
  const commits = table.since(planned);
  const isForeign = ({ step }: { step: Step | undefined }): boolean =>
    step !== undefined && step.manifestHash !== batch.manifestHash;
  const foreign = commits.find(isForeign);
  if (foreign !== undefined)
    throw new BatchNumberReused(`${table.name} has a commit of batch ${foreign.step?.number} since`);
  const isBack = commits.at(-1)?.isRestore === true && !without.has('restored once');
  if (version === undefined || isBack || (rollback === undefined && commits.length === 0)) return;
  await checkLease(run);
  await run.pause();
  const goTo = async (target: number): Promise<void> => {
    const transaction = table.begin(stepOf(batch, table.name, 'withdraw'), 'restore', false);
    await run.pause();
    transaction.commit(() => table.rows(target), !run.isLive());
  };
  await goTo(version);
  const seen = planned + commits.length;
  const swallowed = table.since(seen).slice(0, -1);
  if (!swallowed.some(isForeign)) return;
  await goTo(seen + swallowed.length);
  throw new LeaseLost(`${table.name} went on meanwhile; what this run went back over is there again`);
}
