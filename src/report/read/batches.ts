import pMap from 'p-map';
import { type DocumentSource, readManifest, readResult } from '../../batch/documents';
import { datasetNames } from '../../contract/contracts';
import { DocumentMissing } from '../../errors';
import { type EntryItem } from '../../ledger/items';
import { type Objects, uri } from '../../objects/objects';
import { type BatchFacts } from '../facts';

const CONCURRENCY = 4;

/** The documents of the entries; one that is gone, or was never written, is left out. */
export function readBatches(
  objects: Objects,
  artefacts: string,
  entries: readonly EntryItem[],
): Promise<BatchFacts[]> {
  return pMap(entries, (entry) => readBatch(objects, artefacts, entry), { concurrency: CONCURRENCY });
}

async function readBatch(objects: Objects, bucket: string, entry: EntryItem): Promise<BatchFacts> {
  const { manifestKey, manifestHash, number } = entry;
  const folder = manifestKey.slice(0, manifestKey.lastIndexOf('/') + 1);
  const source: DocumentSource = {
    manifest: uri({ bucket, key: manifestKey }),
    prefix: uri({ bucket, key: folder }),
    ...{ manifestHash, number },
  };
  const results = await Promise.all(
    datasetNames.map((dataset) => unlessMissing(readResult(objects, source, dataset))),
  );
  return {
    entry,
    manifest: await unlessMissing(readManifest(objects, source)),
    results: results.filter((result) => result !== undefined),
  };
}

async function unlessMissing<T>(document: Promise<T>): Promise<T | undefined> {
  try {
    return await document;
  } catch (error) {
    if (error instanceof DocumentMissing) return undefined;
    throw error;
  }
}
