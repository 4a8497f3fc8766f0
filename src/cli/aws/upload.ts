import { createReadStream } from 'node:fs';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { CommandFailed } from '../errors';
import { type Put } from '../ingest/upload';
import { type Stack } from '../stack';

/** Parts of a large file in flight; only these are in memory. */
const PART_BYTES = 8 * 1024 ** 2;
const MAX_PARTS = 10_000;
const PARTS_IN_FLIGHT = 2;

/** Uploads as one PUT, or in parts when the file is large; nothing stays when it is interrupted. */
export function putWith(s3: S3Client, { LandingBucket }: Stack): Put {
  return async ({ path, key, size }, signal) => {
    const upload = new Upload({
      client: s3,
      params: { Bucket: LandingBucket, Key: key, Body: createReadStream(path), ContentType: 'text/csv' },
      partSize: Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS)),
      queueSize: PARTS_IN_FLIGHT,
      leavePartsOnError: false,
    });
    const abort = (): void => void upload.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { VersionId } = await upload.done();
      if (VersionId === undefined) {
        throw new CommandFailed(`The bucket ${LandingBucket} is not versioned: deploy the stack again`);
      }
      return VersionId;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}
