import pMap from 'p-map';
import type { CheckHeadersEvent } from '../../generated/types/events/checkHeaders';
import type { CheckHeadersResult } from '../../generated/types/states/checkHeaders';
import {
  findVerdicts,
  type Manifest,
  readManifest,
  readVerdicts,
  type Verdicts,
  verdictsLocation,
} from '../batch/documents';
import { datasetNames } from '../contract/contracts';
import type { Log } from '../lambda/lambda';
import { requireLease } from '../ledger/lease';
import type { Objects } from '../objects/objects';
import type { Store } from '../store/store';
import { judgeFile } from './judgeFile';

export interface CheckHeadersPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly log: Log;
}

const CONCURRENT_READS = 20;

/**
 * Judges the files of a chunk, once: verdicts that are there stand, whatever a later deploy would say, because jobs may
 * have run on them.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function checkHeaders(
  { store, objects, log }: CheckHeadersPorts,
  { lease, batch, chunk }: CheckHeadersEvent,
): Promise<CheckHeadersResult> {
  await requireLease(store, lease);
  const manifest = await readManifest(objects, batch);
  const standing = await findVerdicts(objects, batch, chunk);
  if (standing !== undefined) return count(manifest, standing);
  const files = manifest.files.filter((file) => file.chunk === chunk);
  const verdicts = await pMap(files, (file) => judgeFile(objects, manifest, file), {
    concurrency: CONCURRENT_READS,
  });
  for (const { fileId, accepted, reasons } of verdicts) {
    if (!accepted) log.warn('file not accepted', { fileId, rules: reasons.map(({ rule }) => rule) });
  }
  await requireLease(store, lease);
  const document: Verdicts = { number: batch.number, chunk, verdicts };
  const first = await objects.writeOnce(verdictsLocation(batch, chunk), JSON.stringify(document));
  return count(manifest, first ? document : await readVerdicts(objects, batch, chunk));
}

function count({ files }: Manifest, { chunk, verdicts }: Verdicts): CheckHeadersResult {
  const datasets = new Map(files.map(({ fileId, dataset }) => [fileId, dataset]));
  const accepted = verdicts.filter((verdict) => verdict.accepted);
  const ofDataset = (name: string): number =>
    accepted.filter(({ fileId }) => datasets.get(fileId) === name).length;
  return {
    chunk,
    accepted: Object.fromEntries(datasetNames.map((name) => [name, ofDataset(name)])),
    rejected: verdicts.length - accepted.length,
  };
}
