import type { JobResult, Manifest } from '../../../src/batch/documents';
import { datasetNames } from '../../../src/contract/contracts';
import { isOpen } from '../../../src/ledger/entries';
import type { Cloud } from '../cloud/cloud';
import type { History } from '../history/history';
import { countProblems } from './counts';
import { type Known, orderProblems, versionProblems } from './files';
import { type Ledger, ledgerOf } from './ledger';
import type { LoadedFile } from './oracle';
import { rollbackProblems } from './rollbacks';
import { publicationProblems, withdrawalProblems } from './withdrawals';
import { tableProblems, transactionProblems } from './tables';

/** What breaks the promises once everything has come to rest; each begins with what it is about. */
export async function problemsOf(cloud: Cloud, { uploads, expires }: History): Promise<string[]> {
  const ledger = ledgerOf(cloud.store);
  const byVersion = new Map(ledger.files.map((file) => [`${file.key} ${file.versionId}`, file]));
  const known: Known = new Map(
    uploads.flatMap((upload) => {
      const file = byVersion.get(`${upload.key} ${upload.versionId}`);
      return file === undefined ? [] : [[upload, file] as const];
    }),
  );
  const loaded = loadedFiles(cloud, ledger, known);
  return [
    ...ledgerProblems(ledger),
    ...(await versionProblems(cloud, uploads, known)),
    ...orderProblems(uploads, known, cloud.store),
    ...transactionProblems(cloud),
    ...withdrawalProblems(cloud, ledger),
    ...publicationProblems(cloud, ledger),
    ...rollbackProblems(cloud, ledger, loaded),
    ...datasetNames.flatMap((dataset) =>
      tableProblems(cloud, dataset, loaded, {
        expires,
        // taken up alone they were withdrawn: they wait for a file of their dataset
        held: ledger.control?.orphans?.[dataset]?.held === true,
      }),
    ),
    ...countProblems(cloud, ledger, loaded),
    ...alertProblems(cloud, ledger),
    ...cloud.queue.missing.map((body) => `queues: nobody has taken ${body}, and it lies in no queue`),
  ];
}

function ledgerProblems({ control, pending, files, entries }: Ledger): string[] {
  if (control === undefined) return files.length === 0 ? [] : ['ledger: no control item'];
  const { openEntry, arrived, planned, owner, request } = control;
  return [
    ...(request === undefined ? [] : [`ledger: request ${request} waits`]),
    ...(openEntry === undefined ? [] : [`ledger: entry ${openEntry} is open`]),
    ...(arrived === planned ? [] : [`ledger: ${arrived} arrived, ${planned} planned`]),
    ...(owner === undefined ? [] : [`ledger: ${owner} holds the lease`]),
    ...entries.filter(isOpen).map(({ number, state }) => `ledger: entry ${number} is ${state}`),
    ...pending.map(({ sk }) => `ledger: ${sk} is pending`),
  ];
}

/** Somebody was told of each file that failed, and of each batch that was withdrawn or rolled back. */
function alertProblems(cloud: Cloud, { files, entries, control }: Ledger): string[] {
  const told = [...cloud.alerts, control?.unsent?.message ?? ''].join('\n');
  return [
    ...files
      .filter(({ key, state }) => state === 'FAILED' && !told.includes(key))
      .map(({ key }) => `alerts: nobody was told that ${key} failed`),
    ...entries
      .filter(({ number, state }) => state === 'WITHDRAWN' && !told.includes(`Batch ${number} was withdrawn`))
      .map(({ number }) => `alerts: nobody was told that batch ${number} was withdrawn`),
    ...entries
      .filter(({ number, rollsBack }) => rollsBack && !told.includes(`rolled back by entry ${number}`))
      .map(({ number }) => `alerts: nobody was told of the rollback ${number}`),
  ];
}

/** The files of which jobs have published rows, in entries that were neither withdrawn nor rolled back. */
function loadedFiles({ objects }: Cloud, { entries }: Ledger, known: Known): LoadedFile[] {
  const scripts = new Map<string, string[]>();
  for (const { state, manifestKey } of entries.toSorted((a, b) => a.number - b.number)) {
    if (state === 'WITHDRAWN' || state === 'ROLLED_BACK') continue;
    const manifest = JSON.parse(objects.text('artefacts', manifestKey) ?? '') as Manifest;
    const folder = manifestKey.slice(0, manifestKey.lastIndexOf('/'));
    for (const dataset of datasetNames) {
      const result = objects.text('artefacts', `${folder}/results/${dataset}.json`);
      if (result === undefined) continue;
      for (const { fileId } of (JSON.parse(result) as JobResult).files)
        scripts.set(fileId, [...(scripts.get(fileId) ?? []), manifest.release.scriptLocation]);
    }
  }
  return [...known].flatMap(([{ body }, file]): LoadedFile[] => {
    const judgedBy = scripts.get(file.fileId);
    return judgedBy === undefined ? [] : [{ file, body, scripts: judgedBy }];
  });
}
