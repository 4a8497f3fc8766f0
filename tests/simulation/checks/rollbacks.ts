import type { JobResult, Manifest } from '../../../src/batch/documents';
import { datasetNames } from '../../../src/contract/contracts';
import type { EntryItem } from '../../../src/ledger/items';
import type { Cloud } from '../cloud/cloud';
import type { Ledger } from './ledger';
import type { LoadedFile } from './oracle';

/** What an entry did, as its documents tell; the ledger's word on its state is not asked. */
interface Done {
  readonly entry: EntryItem;
  readonly manifest: Manifest;
  /** Files of which its jobs have published rows. */
  readonly loaded: ReadonlySet<string>;
}

/**
 * A rollback leaves nothing of its batch and the later ones: tables, entries, files. It is worked out from the log alone, in its
 * order, beside the plan that the service made.
 */
export function rollbackProblems(
  { lake, objects }: Cloud,
  { entries, files }: Ledger,
  standing: readonly LoadedFile[],
): string[] {
  const log = entries.toSorted((a, b) => a.number - b.number).map((entry) => doneBy(objects, entry));
  const rollbacks = log.filter(({ entry }) => entry.kind === 'rollback');
  const loaded = new Set(standing.map(({ file }) => file.fileId));
  return [
    ...files
      .filter(({ fileId, state }) => state === 'ARCHIVED' && !loaded.has(fileId))
      .map(({ fileId }) => `rollback: ${fileId} is ARCHIVED, and no batch that stands has loaded it`),
    ...rollbacks.flatMap((rollback) => [
      ...tableProblems(lake, log, rollback),
      ...stateProblems(log, rollback, rollbacks),
      ...fileProblems(log, rollback, files),
    ]),
  ];
}

/** After its last commit each table holds what it held before the batch, and the rollback made one commit at most. */
function tableProblems(lake: Cloud['lake'], log: readonly Done[], { entry, manifest }: Done): string[] {
  const target = log.find((other) => other.entry.number === entry.rollsBack);
  return lake.all().flatMap((table) => {
    const planned = manifest.tables[table.name] ?? -1;
    const since = table.since(planned);
    const own = since.filter(({ step }) => step?.manifestHash === entry.manifestHash);
    const left = own.at(-1)?.rows ?? table.rows(planned);
    const before = table.rows(target?.manifest.tables[table.name] ?? 0);
    return [
      ...(own.filter(({ isLate }) => !isLate).length <= 1 ? [] : [`was restored ${own.length} times`]),
      ...(JSON.stringify(left) === JSON.stringify(before) ? [] : ['is not as it was before']),
    ].map((problem) => `rollback: after ${entry.number} of ${entry.rollsBack} ${table.name} ${problem}`);
  });
}

/** Whatever loaded since the batch and was not gone before is ROLLED_BACK by this rollback, and nothing else is. */
function stateProblems(log: readonly Done[], { entry }: Done, rollbacks: readonly Done[]): string[] {
  return log.flatMap(({ entry: { number, kind, state, rolledBackBy } }) => {
    const covers = ({ entry: by }: Done): boolean => number >= (by.rollsBack ?? 0) && number < by.number;
    const first = rollbacks.find(covers)?.entry.number;
    const due = kind === 'load' && state !== 'WITHDRAWN' && first === entry.number;
    const is = state === 'ROLLED_BACK' && rolledBackBy === entry.number;
    return due === is
      ? []
      : [`rollback: ${number} is ${state}, ${rolledBackBy} says who; of ${entry.number}`];
  });
}

/**
 * What a later batch had loaded last is taken again; what only the batch had is withdrawn until somebody asks for it. Of a
 * dataset's rollback: what of other datasets any of them had is taken again, what of the dataset they were the first to have is
 * withdrawn.
 */
function fileProblems(log: readonly Done[], { entry, manifest }: Done, files: Ledger['files']): string[] {
  const dataset = manifest.rollback?.dataset;
  const undone = log.filter(({ entry: { rolledBackBy } }) => rolledBackBy === entry.number);
  const after = log.filter((other) => other.entry.number > entry.number);
  const between = log.filter(
    ({ entry: { number } }) => number >= (entry.rollsBack ?? 0) && number < entry.number,
  );
  const takenBy = (batches: readonly Done[], fileId: string): Done | undefined =>
    batches.findLast(({ manifest }) => manifest.files.some((file) => file.fileId === fileId));
  return files.flatMap(({ fileId, state, dataset: own }) => {
    const last = takenBy(between, fileId);
    if (takenBy(after, fileId) !== undefined || last === undefined || !undone.includes(last)) return [];
    if (!last.loaded.has(fileId)) return [];
    const isTaken = dataset === undefined ? last.entry.number === entry.rollsBack : own === dataset;
    if (!isTaken)
      return [`rollback: ${fileId} of batch ${last.entry.number} was not loaded again after ${entry.number}`];
    const oldest = undone.find(({ manifest }) => manifest.files.some((file) => file.fileId === fileId));
    const known = oldest?.manifest.files.find((file) => file.fileId === fileId);
    return known?.loaded === null && state !== 'WITHDRAWN'
      ? [`rollback: ${fileId} of batch ${entry.rollsBack} is ${state} after ${entry.number}`]
      : [];
  });
}

function doneBy(objects: Cloud['objects'], entry: EntryItem): Done {
  const manifest = JSON.parse(objects.text('artefacts', entry.manifestKey) ?? '') as Manifest;
  const folder = entry.manifestKey.slice(0, entry.manifestKey.lastIndexOf('/'));
  const results = datasetNames.flatMap((dataset) => {
    const text = objects.text('artefacts', `${folder}/results/${dataset}.json`);
    return text === undefined ? [] : [JSON.parse(text) as JobResult];
  });
  const loaded = results.flatMap((result) => result.files.map(({ fileId }) => fileId));
  return { entry, manifest, loaded: new Set(loaded) };
}
