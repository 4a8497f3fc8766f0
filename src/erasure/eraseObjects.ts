import pMap from 'p-map';
import rejectionSchema from '../../schemas/documents/rejection.schema.json';
import type { ErasedObjects } from '../../generated/types/documents/erasedObjects';
import type { Erasure } from '../../generated/types/documents/manifest';
import type { Rejection } from '../../generated/types/documents/rejection';
import type { EraseObjectsEvent } from '../../generated/types/events/eraseObjects';
import type { EraseObjectsResult } from '../../generated/types/states/eraseObjects';
import { erasedObjectsLocation, type Manifest, readManifest } from '../batch/documents';
import { datasetNames, tablesOf } from '../contract/contracts';
import { InvalidDocument } from '../errors';
import type { Log } from '../lambda/lambda';
import { quoteNoMore } from '../ledger/files';
import { requireLease } from '../ledger/lease';
import { type Location, type Objects, type ObjectVersion, parseUri } from '../objects/objects';
import { checker } from '../schema/validator';
import type { Store } from '../store/store';
import { readKey } from './digest';
import { isAboutPeople } from './plan';
import { scrub } from './scrub';

export interface EraseObjectsPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly log: Log;
}

const CONCURRENT = 32;
const checkRejection = checker<Rejection>(rejectionSchema);

/**
 * Removes what an erasure leaves beside the tables and the kept files: quotations in documents, old versions of everything that was
 * changed, working copies, and all results of queries. Cut anywhere, it can be repeated.
 *
 * @throws LeaseLost, DocumentMissing, InvalidDocument, ManifestMismatch
 */
export async function eraseObjects(
  ports: EraseObjectsPorts,
  { lease, batch }: EraseObjectsEvent,
): Promise<EraseObjectsResult> {
  const { store, objects, log } = ports;
  await requireLease(store, lease);
  const manifest = await readManifest(objects, batch);
  const { erasure } = manifest;
  if (erasure === undefined)
    throw new InvalidDocument(`${batch.manifest} is not of an erasure, there is nobody in it to erase`);
  const artefacts = parseUri(batch.prefix).bucket;
  const documents = await scrubDocuments(ports, lease, manifest, erasure, artefacts);
  await requireLease(store, lease);
  const versions = await removeVersions(objects, oldVersions(objects, manifest, artefacts));
  const queryResults = await removeVersions(
    objects,
    of(objects, artefacts, 'query-results/', () => true),
  );
  const erased: ErasedObjects = { documents, versions, queryResults };
  await objects.write(erasedObjectsLocation(batch), JSON.stringify(erased));
  log.info('objects erased', { batch: batch.number, documents: documents.length, versions, queryResults });
  return { documents: documents.length, versions, queryResults };
}

/** Reasons quote what stood where a header should: of a file without one, values. */
async function scrubDocuments(
  { store, objects }: EraseObjectsPorts,
  lease: EraseObjectsEvent['lease'],
  { landingBucket }: Manifest,
  { digest, key }: Erasure,
  artefacts: string,
): Promise<string[]> {
  const secret = await readKey(objects, parseUri(key));
  const scrubbed: string[] = [];
  const scrubAt = async (
    location: Location,
    before: (value: unknown) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> => {
    const bytes = await objects.read(location);
    if (bytes === undefined) return;
    const text = Buffer.from(bytes).toString();
    const value = scrub(JSON.parse(text), digest, secret);
    const after = JSON.stringify(value);
    if (after === JSON.stringify(JSON.parse(text))) return;
    await before(value);
    await objects.write(location, after);
    scrubbed.push(location.key);
  };
  for await (const found of objects.keys(artefacts, 'batches/'))
    if (found.includes('/verdicts/')) await scrubAt({ bucket: artefacts, key: found });
  for await (const found of objects.keys(landingBucket, 'rejected/')) {
    if (!found.endsWith('.reasons.json')) continue;
    const [fileId = ''] = found.slice(found.lastIndexOf('/') + 1).split('-');
    // the ledger first: a repetition finds by the document that there is something to do
    await scrubAt({ bucket: landingBucket, key: found }, (value) =>
      quoteNoMore(store, lease, fileId, reasonsIn(found, value)),
    );
  }
  return scrubbed.sort();
}

function reasonsIn(key: string, value: unknown): Rejection['reasons'] {
  const checked = checkRejection(value);
  if (checked.ok) return checked.value.reasons;
  throw new InvalidDocument(`${key}: ${checked.problems.join('; ')}. Restore the object's previous version.`);
}

interface Doomed extends ObjectVersion {
  readonly bucket: string;
}

async function* oldVersions(
  objects: Objects,
  { landingBucket, warehouseBucket }: Manifest,
  artefacts: string,
): AsyncIterable<Doomed> {
  const isOld = ({ isLatest }: ObjectVersion): boolean => !isLatest;
  for (const folder of ['archived/', 'rejected/']) yield* of(objects, landingBucket, folder, isOld);
  // no entry but this one is open: the next load copies anew
  yield* of(objects, landingBucket, 'processing/', () => true);
  for (const { name } of datasetNames.filter(isAboutPeople).flatMap(tablesOf))
    yield* of(objects, warehouseBucket, `${name}/`, isOld);
  yield* of(objects, artefacts, 'batches/', isOld);
}

async function* of(
  objects: Objects,
  bucket: string,
  prefix: string,
  wanted: (version: ObjectVersion) => boolean,
): AsyncIterable<Doomed> {
  for await (const version of objects.versions(bucket, prefix))
    if (wanted(version)) yield { ...version, bucket };
}

async function removeVersions(objects: Objects, doomed: AsyncIterable<Doomed>): Promise<number> {
  const removed = await pMap(
    doomed,
    ({ bucket, key, versionId }) => objects.remove({ bucket, key, versionId }),
    { concurrency: CONCURRENT },
  );
  return removed.length;
}
