import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseUri, uri } from '../../../src/objects/objects';
import { copySource } from '../../../src/objects/s3Objects';

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]$/);
const key = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('/', '%', '+', ' ', '?', '&', '#', '%2F', '..', 'ü'), minLength: 1 }),
);

test('S3 decodes a copy source to the key and version that were meant', () => {
  fc.assert(
    fc.property(bucket, key, fc.option(key, { nil: undefined }), (name, path, versionId) => {
      const source = copySource({
        bucket: name,
        key: path,
        ...(versionId === undefined ? {} : { versionId }),
      });
      const [where = '', version] = source.split('?versionId=');
      expect(decodeURIComponent(where)).toBe(`${name}/${path}`);
      expect(version === undefined ? undefined : decodeURIComponent(version)).toBe(versionId);
      expect(source).toMatch(/^[\x21-\x7e]+$/);
    }),
  );
});

test('a URI gives back the bucket and key it was made of', () => {
  fc.assert(
    fc.property(bucket, key, (name, path) => {
      expect(parseUri(uri({ bucket: name, key: path }))).toEqual({ bucket: name, key: path });
    }),
  );
});
