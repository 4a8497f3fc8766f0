/** An object, or one version of it. */
export interface Location {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** A version as a listing gives it; `lastModified` has steps of a second. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
  readonly size: number;
  readonly etag: string;
  readonly isLatest: boolean;
}

/** Tags of an object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export type Tags = Readonly<Record<string, string>>;

/** What the service needs of S3. Methods throw the service's own errors unless they say otherwise. */
export interface Objects {
  /** The object's bytes, at most the first `limit`; undefined when it does not exist. */
  read(location: Location, limit?: number): Promise<Uint8Array | undefined>;
  write(location: Location, body: string): Promise<void>;
  /** Writes unless the key exists; false when it does. */
  writeOnce(location: Location, body: string): Promise<boolean>;
  /** Copies up to 5 GiB; false when the source does not exist. With `tags` the copy has these and none of the source's. */
  copy(source: Location, target: Location, tags?: Tags): Promise<boolean>;
  /** Removes a version, or without a versionId the object; nothing happens when it is gone. */
  remove(location: Location): Promise<void>;
  /** Versions by key, the newest of a key first; delete markers are left out. */
  versions(bucket: string, prefix: string): AsyncIterable<ObjectVersion>;
  keys(bucket: string, prefix: string): AsyncIterable<string>;
}

/** Largest object that one copy can take: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const MAX_COPY_BYTES = 5 * 1024 ** 3;

export function uri({ bucket, key }: Location): string {
  return `s3://${bucket}/${key}`;
}

/** Splits an s3:// URI, whose form a schema has checked. */
export function parseUri(text: string): Location {
  const [bucket = '', ...key] = text.slice('s3://'.length).split('/');
  return { bucket, key: key.join('/') };
}
