import schema from '../../schemas/events/objectCreated.schema.json';
import type { ObjectCreated } from '../../generated/types/events/objectCreated';
import { InvalidEvent } from '../errors';
import { checker } from '../schema/validator';
import { isTooLong, MAX_KEY_BYTES } from './versions';

/** The version of an object that a message of the arrival queue tells of. */
export interface ArrivalMessage {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

const check = checker<ObjectCreated>(schema);

/**
 * Reads the body of a queue message: an EventBridge event `Object Created`, whose key is not URL-encoded.
 *
 * @throws InvalidEvent when it is none, or when its key is too long for the ledger.
 */
export function parseMessage(body: string): ArrivalMessage {
  const checked = check(json(body));
  if (!checked.ok) throw new InvalidEvent(`The message is no event of S3: ${checked.problems.join('; ')}`);
  const { bucket, object } = checked.value.detail;
  if (isTooLong(object.key)) {
    throw new InvalidEvent(
      `The key is too long for the ledger; upload the file under one of at most ${MAX_KEY_BYTES} bytes`,
    );
  }
  return { bucket: bucket.name, key: object.key, versionId: object['version-id'] ?? 'null' };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new InvalidEvent('The message is no JSON document', { cause });
  }
}
