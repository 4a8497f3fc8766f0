import { createHash } from 'node:crypto';
import { isDatasetName } from '../contract/contracts';
import type { Arrival } from '../ledger/registration';
import type { ObjectVersion } from '../objects/objects';

export const RAW = 'raw/';
/** The dataset of a file that lies in no dataset's folder. */
export const UNKNOWN_DATASET = 'unknown';

/**
 * Sort keys of DynamoDB and keys of S3 hold 1,024 bytes. The ledger adds moment, order and file id to the key; the copy in
 * rejected/unknown/ adds batch and file id, and its document `.reasons.json`.
 */
export const MAX_KEY_BYTES = 940;

/** Whether the ledger or the key of the file's copy cannot hold the key. */
export function isTooLong(key: string): boolean {
  return Buffer.byteLength(key) > MAX_KEY_BYTES;
}

/** Identity of a version of an object: 32 hex digits. */
export function fileIdOf(bucket: string, key: string, versionId: string): string {
  return createHash('sha256').update(`${bucket}\n${key}\n${versionId}`).digest('hex').slice(0, 32);
}

/** The dataset in whose folder of raw/ the key lies. */
export function datasetOf(key: string): string {
  const [, dataset = '', ...rest] = key.split('/');
  return rest.length > 0 && isDatasetName(dataset) ? dataset : UNKNOWN_DATASET;
}

/** Consoles and tools show folders by empty objects whose key ends with a slash. */
export function isFolderMarker({ key, size }: Pick<ObjectVersion, 'key' | 'size'>): boolean {
  return key.endsWith('/') && size === 0;
}

/**
 * The versions of one key as arrivals.
 *
 * @param versions every version of the key, the newest first, as S3 lists them.
 */
export function arrivalsOf(bucket: string, versions: readonly ObjectVersion[]): Arrival[] {
  const inSecond = new Map<number, number>();
  return versions
    .toReversed()
    .map(({ key, versionId, lastModified, size, etag }) => {
      const moment = lastModified.getTime();
      const order = inSecond.get(moment) ?? 0;
      inSecond.set(moment, order + 1);
      const fileId = fileIdOf(bucket, key, versionId);
      return { fileId, dataset: datasetOf(key), key, versionId, lastModified, order, size, etag };
    })
    .filter((arrival) => !isFolderMarker(arrival));
}
