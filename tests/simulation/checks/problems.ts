import type { Manifest } from '../../../src/batch/documents';
import { datasetNames } from '../../../src/contract/contracts';
import type { Cloud } from '../cloud/cloud';
import type { History } from '../history/history';
import { countProblems } from './counts';
import { type Known, orderProblems, versionProblems } from './files';
import { type Ledger, ledgerOf } from './ledger';
import type { LoadedFile } from './oracle';
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
    ...orderProblems(uploads, known),
    ...transactionProblems(cloud),
    ...datasetNames.flatMap((dataset) => tableProblems(cloud, dataset, loaded, !expires)),
    ...countProblems(cloud, ledger, loaded),
    ...alertProblems(cloud, ledger),
  ];
}

function ledgerProblems({ control, pending, files }: Ledger): string[] {
  if (control === undefined) return files.length === 0 ? [] : ['ledger: no control item'];
  const { openEntry, arrived, planned, owner } = control;
  return [
    ...(openEntry === undefined ? [] : [`ledger: entry ${openEntry} is open`]),
    ...(arrived === planned ? [] : [`ledger: ${arrived} arrived, ${planned} planned`]),
    ...(owner === undefined ? [] : [`ledger: ${owner} holds the lease`]),
    ...pending.map(({ sk }) => `ledger: ${sk} is pending`),
  ];
}

function alertProblems(cloud: Cloud, { files, control }: Ledger): string[] {
  const told = [...cloud.alerts, control?.unsent?.message ?? ''].join('\n');
  return files.flatMap(({ key, state }) =>
    state === 'FAILED' && !told.includes(key) ? [`alerts: nobody was told that ${key} failed`] : [],
  );
}

function loadedFiles(cloud: Cloud, { entries }: Ledger, known: Known): LoadedFile[] {
  const manifests = new Map(
    entries.map(({ number, manifestKey }) => {
      const manifest = JSON.parse(cloud.objects.text('artefacts', manifestKey) ?? '') as Manifest;
      return [number, manifest];
    }),
  );
  return [...known].flatMap(([{ body }, file]): LoadedFile[] => {
    const manifest = manifests.get(file.batch ?? 0);
    return file.state === 'ARCHIVED' && manifest !== undefined ? [{ file, body, manifest }] : [];
  });
}
