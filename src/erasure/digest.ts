import { createHmac, randomBytes } from 'node:crypto';
import { InvalidDocument } from '../errors';
import { type Location, type Objects, uri } from '../objects/objects';

/** Where the key of a stage's digests lies, apart from the digests: whoever has both can try out ids. */
export function keyLocation(artefactsBucket: string): Location {
  return { bucket: artefactsBucket, key: 'keys/erasure' };
}

/**
 * The digest by which a person is known from here on: HMAC-SHA256 of the id, in hex. The key is its file as it is.
 *
 * @param key the bytes of the key's file.
 */
export function digestOf(identity: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(identity, 'utf8').digest('hex');
}

/** @throws InvalidDocument when the key is gone: without it nobody can tell who was erased. */
export async function readKey(objects: Pick<Objects, 'read'>, location: Location): Promise<Uint8Array> {
  const key = await objects.read(location);
  if (key !== undefined) return key;
  throw new InvalidDocument(
    `${uri(location)} is gone: without it nobody can tell who was erased. Restore the object's last version`,
  );
}

/** The key; made by the first erasure of the stage. */
export async function ensureKey(
  objects: Pick<Objects, 'read' | 'writeOnce'>,
  artefactsBucket: string,
): Promise<Uint8Array> {
  const location = keyLocation(artefactsBucket);
  const known = await objects.read(location);
  if (known !== undefined) return known;
  await objects.writeOnce(location, randomBytes(32).toString('hex'));
  return readKey(objects, location);
}
