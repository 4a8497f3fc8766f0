import { createHash } from 'node:crypto';
import certificateSchema from '../../schemas/documents/certificate.schema.json';
import erasedDatasetSchema from '../../schemas/documents/erasedDataset.schema.json';
import erasedObjectsSchema from '../../schemas/documents/erasedObjects.schema.json';
import failureSchema from '../../schemas/documents/jobFailure.schema.json';
import restorationSchema from '../../schemas/documents/restoration.schema.json';
import manifestSchema from '../../schemas/documents/manifest.schema.json';
import resultSchema from '../../schemas/documents/jobResult.schema.json';
import upkeepSchema from '../../schemas/documents/upkeep.schema.json';
import verdictsSchema from '../../schemas/documents/verdicts.schema.json';
import type { Certificate } from '../../generated/types/documents/certificate';
import type { ErasedDataset } from '../../generated/types/documents/erasedDataset';
import type { ErasedObjects } from '../../generated/types/documents/erasedObjects';
import type { JobFailure } from '../../generated/types/documents/jobFailure';
import type { JobResult } from '../../generated/types/documents/jobResult';
import type { Manifest } from '../../generated/types/documents/manifest';
import type { Restoration } from '../../generated/types/documents/restoration';
import type { Upkeep } from '../../generated/types/documents/upkeep';
import type { Verdicts } from '../../generated/types/documents/verdicts';
import type { Batch } from '../../generated/types/states/batch';
import { DocumentMissing, InvalidDocument, ManifestMismatch } from '../errors';
import { type Location, type Objects, parseUri, uri } from '../objects/objects';
import { type Checked, checker } from '../schema/validator';

export type { JobFailure, JobResult, Manifest, Restoration, Upkeep, Verdicts };
export type ManifestFile = Manifest['files'][number];
export type Verdict = Verdicts['verdicts'][number];

const checkManifest = checker<Manifest>(manifestSchema);
const checkVerdicts = checker<Verdicts>(verdictsSchema);
const checkResult = checker<JobResult>(resultSchema);
const checkRestoration = checker<Restoration>(restorationSchema);
const checkUpkeep = checker<Upkeep>(upkeepSchema);
const checkCertificate = checker<Certificate>(certificateSchema);
const checkErasedDataset = checker<ErasedDataset>(erasedDatasetSchema);
const checkErasedObjects = checker<ErasedObjects>(erasedObjectsSchema);
const checkFailure = checker<JobFailure>(failureSchema);

/** The documents of a batch that a step reads; each is the one whose hash, number and dataset the batch names. */
export type DocumentSource = Pick<Batch, 'manifest' | 'manifestHash' | 'number' | 'prefix'>;

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * The manifest that was planned.
 *
 * @throws DocumentMissing, InvalidDocument; ManifestMismatch when its bytes are not those of the hash.
 */
export async function readManifest(objects: Pick<Objects, 'read'>, batch: DocumentSource): Promise<Manifest> {
  const location = parseUri(batch.manifest);
  const bytes = await required(objects, location);
  const hash = sha256(bytes);
  if (hash !== batch.manifestHash) {
    throw new ManifestMismatch(
      `${batch.manifest} has the SHA-256 ${hash}, planned was ${batch.manifestHash}; restore that version of the object`,
    );
  }
  return parse(bytes, location, checkManifest);
}

export function verdictsLocation({ prefix }: DocumentSource, chunk: number): Location {
  return parseUri(`${prefix}verdicts/${String(chunk).padStart(4, '0')}.json`);
}

/** The verdicts of a chunk; undefined while nobody has written them. */
export async function findVerdicts(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  chunk: number,
): Promise<Verdicts | undefined> {
  const location = verdictsLocation(batch, chunk);
  const bytes = await objects.read(location);
  return bytes === undefined ? undefined : parse(bytes, location, checkVerdicts);
}

/** @throws DocumentMissing, InvalidDocument */
export async function readVerdicts(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  chunk: number,
): Promise<Verdicts> {
  const location = verdictsLocation(batch, chunk);
  return parse(await required(objects, location), location, checkVerdicts);
}

/**
 * What the job of a loaded dataset published.
 *
 * @throws DocumentMissing when it has not published; InvalidDocument; ManifestMismatch when it belongs to another plan.
 */
export async function readResult(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  dataset: string,
): Promise<JobResult> {
  const result = await findResult(objects, batch, dataset);
  if (result?.status === 'published') return result;
  throw new DocumentMissing(
    `${batch.prefix}results/${dataset}.json ${result === undefined ? 'does not exist' : `says ${result.status}`}: ` +
      'the job has not published its result',
  );
}

/** What the job of a dataset has written last, published or not; undefined when it has written nothing. */
export async function findResult(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  dataset: string,
): Promise<JobResult | undefined> {
  const location = parseUri(`${batch.prefix}results/${dataset}.json`);
  const bytes = await objects.read(location);
  if (bytes === undefined) return undefined;
  const result = parse(bytes, location, checkResult);
  requireOfBatch(result, location, batch, dataset);
  return result;
}

/**
 * What the job of a dataset left after it took the batch back.
 *
 * @throws DocumentMissing, InvalidDocument; ManifestMismatch when it belongs to another plan.
 */
export async function readRestoration(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  dataset: string,
): Promise<Restoration> {
  const location = parseUri(`${batch.prefix}restored/${dataset}.json`);
  const restoration = parse(await required(objects, location), location, checkRestoration);
  requireOfBatch(restoration, location, batch, dataset);
  return restoration;
}

/**
 * What the job of a dataset left after it maintained its tables.
 *
 * @throws DocumentMissing, InvalidDocument; ManifestMismatch when it belongs to another plan.
 */
export async function readUpkeep(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  dataset: string,
): Promise<Upkeep> {
  const location = parseUri(`${batch.prefix}maintained/${dataset}.json`);
  const upkeep = parse(await required(objects, location), location, checkUpkeep);
  requireOfBatch(upkeep, location, batch, dataset);
  return upkeep;
}

/**
 * What the job of a dataset did to erase a person.
 *
 * @throws DocumentMissing, InvalidDocument; ManifestMismatch when it belongs to another plan.
 */
export async function readErasedDataset(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  dataset: string,
): Promise<ErasedDataset> {
  const location = parseUri(`${batch.prefix}erased/${dataset}.json`);
  const erased = parse(await required(objects, location), location, checkErasedDataset);
  requireOfBatch(erased, location, batch, dataset);
  return erased;
}

/** Where an erasure tells what it removed beside tables and kept files. */
export function erasedObjectsLocation({ prefix }: Pick<DocumentSource, 'prefix'>): Location {
  return parseUri(`${prefix}erased/objects.json`);
}

/** @throws DocumentMissing, InvalidDocument */
export async function readErasedObjects(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
): Promise<ErasedObjects> {
  const location = erasedObjectsLocation(batch);
  return parse(await required(objects, location), location, checkErasedObjects);
}

/** The certificate of an erasure. @throws DocumentMissing, InvalidDocument */
export async function readCertificate(
  objects: Pick<Objects, 'read'>,
  location: Location,
): Promise<Certificate> {
  return parse(await required(objects, location), location, checkCertificate);
}

/** Writes the plan of an entry down, under a key with its hash: a manifest that is there already is this one. */
export async function writeManifest(
  objects: Pick<Objects, 'writeOnce'>,
  manifest: Manifest,
): Promise<{ location: Location; hash: string }> {
  const body = JSON.stringify(manifest);
  const hash = sha256(body);
  const location = parseUri(`${manifest.prefix}manifest-${hash}.json`);
  await objects.writeOnce(location, body);
  return { location, hash };
}

/** The failure that the job of the dataset wrote last in this batch; undefined when it wrote none. */
export async function findFailure(
  objects: Pick<Objects, 'read'>,
  batch: DocumentSource,
  dataset: string,
): Promise<JobFailure | undefined> {
  const location = parseUri(`${batch.prefix}failures/${dataset}.json`);
  const bytes = await objects.read(location);
  return bytes === undefined ? undefined : parse(bytes, location, checkFailure);
}

function requireOfBatch(
  found: Pick<JobResult, 'dataset' | 'number' | 'manifestHash'>,
  location: Location,
  { number, manifestHash }: DocumentSource,
  dataset: string,
): void {
  if (found.manifestHash === manifestHash && found.number === number && found.dataset === dataset) return;
  throw new ManifestMismatch(
    `${uri(location)} is of ${found.dataset}, batch ${found.number}, manifest ${found.manifestHash}; expected ` +
      `${dataset}, batch ${number}, manifest ${manifestHash}`,
  );
}

async function required(objects: Pick<Objects, 'read'>, location: Location): Promise<Uint8Array> {
  const bytes = await objects.read(location);
  if (bytes === undefined)
    throw new DocumentMissing(`${uri(location)} does not exist; the step that writes it runs again`);
  return bytes;
}

function parse<T>(bytes: Uint8Array, location: Location, check: (value: unknown) => Checked<T>): T {
  const invalid = (problem: string, cause?: unknown): InvalidDocument =>
    new InvalidDocument(`${uri(location)}: ${problem}. Restore the object's previous version.`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid('no JSON document', error);
  }
  const checked = check(value);
  if (checked.ok) return checked.value;
  throw invalid(checked.problems.join('; '));
}
