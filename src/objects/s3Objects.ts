import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  ListObjectVersionsCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Location, Objects, ObjectVersion, Tags } from './objects';

/** S3 behind the port. */
export function s3Objects(client: S3Client): Objects {
  const put = ({ bucket, key }: Location, Body: string, condition: { IfNoneMatch?: '*' }): Promise<unknown> =>
    client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/json', ...condition }),
    );
  return {
    async read(location, limit) {
      const Range = limit === undefined ? {} : { Range: `bytes=0-${limit - 1}` };
      const answer = await unless(
        [404, 'NoSuchKey', 'NoSuchVersion'],
        client.send(new GetObjectCommand({ ...address(location), ...Range })),
      );
      return answer?.Body?.transformToByteArray();
    },
    async write(location, body) {
      await put(location, body, {});
    },
    async writeOnce(location, body) {
      // 409: somebody else is writing the same key at this moment and will have written it
      const written = await unless([412, 409], put(location, body, { IfNoneMatch: '*' }));
      return written !== undefined;
    },
    async copy(source, target, tags) {
      const command = { ...address(target), CopySource: copySource(source), ...tagging(tags) };
      const copied = await unless(
        [404, 'NoSuchKey', 'NoSuchVersion'],
        client.send(new CopyObjectCommand(command)),
      );
      return copied !== undefined;
    },
    async remove(location) {
      await unless(
        [404, 'NoSuchKey', 'NoSuchVersion'],
        client.send(new DeleteObjectCommand(address(location))),
      );
    },
    versions: (bucket, prefix) => versions(client, bucket, prefix),
    async *keys(bucket, prefix) {
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix },
      )) {
        for (const { Key } of Contents) if (Key !== undefined) yield Key;
      }
    },
  };
}

function address({ bucket, key, versionId }: Location): { Bucket: string; Key: string; VersionId?: string } {
  return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
}

/** Part of the copy itself: no further request. */
function tagging(tags: Tags | undefined): { TaggingDirective?: 'REPLACE'; Tagging?: string } {
  if (tags === undefined) return {};
  return { TaggingDirective: 'REPLACE', Tagging: new URLSearchParams(tags).toString() };
}

/** The header x-amz-copy-source, which S3 URL-decodes; slashes stay, since not every implementation decodes them. */
export function copySource({ bucket, key, versionId }: Location): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

/** There is no paginator for versions in the SDK. */
async function* versions(client: S3Client, Bucket: string, Prefix: string): AsyncIterable<ObjectVersion> {
  let position: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (position !== undefined) {
    const page: Awaited<ReturnType<typeof list>> = await list(position);
    for (const { Key, VersionId, LastModified, Size, ETag, IsLatest } of page.Versions ?? []) {
      if (Key === undefined || LastModified === undefined) continue;
      yield {
        key: Key,
        versionId: VersionId ?? 'null',
        lastModified: LastModified,
        size: Size ?? 0,
        etag: (ETag ?? '').replaceAll('"', ''),
        isLatest: IsLatest ?? false,
      };
    }
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
    position =
      IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: NextKeyMarker,
            ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
          }
        : undefined;
  }
  function list(from: { KeyMarker?: string; VersionIdMarker?: string }) {
    return client.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...from }));
  }
}

/** The answer, or undefined for the errors (HTTP status or code) that mean "it is not so". */
async function unless<T>(expected: readonly (number | string)[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const { httpStatusCode } = error.$metadata;
    if (
      expected.includes(error.name) ||
      (httpStatusCode !== undefined && expected.includes(httpStatusCode))
    ) {
      return undefined;
    }
    throw error;
  }
}
