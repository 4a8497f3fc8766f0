import type { Location, Objects, ObjectVersion, Tags } from '../../../src/objects/objects';
import { Faults } from './faults';

interface Stored extends ObjectVersion {
  readonly bucket: string;
  readonly body: Uint8Array;
  readonly tags: Tags;
}

/** Versioned buckets in memory. LastModified has steps of a second, as in S3. */
export class MemoryObjects implements Objects {
  private stored: Stored[] = [];
  private serial = 0;

  constructor(
    private readonly now: () => Date,
    private readonly faults = new Faults(),
  ) {}

  /** What a client uploads; no fault hits it. */
  put(bucket: string, key: string, body: string | Uint8Array, tags: Tags = {}): string {
    const versionId = `v${++this.serial}`;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const lastModified = new Date(Math.floor(this.now().getTime() / 1000) * 1000);
    this.stored = this.stored.map((other) =>
      isAt(other, bucket, key) ? { ...other, isLatest: false } : other,
    );
    const etag = `etag-${versionId}`;
    this.stored.unshift({
      bucket,
      key,
      versionId,
      lastModified,
      size: bytes.length,
      etag,
      isLatest: true,
      body: bytes,
      tags,
    });
    return versionId;
  }

  text(bucket: string, key: string): string | undefined {
    const found = this.find({ bucket, key });
    return found && Buffer.from(found.body).toString();
  }

  tags(bucket: string, key: string): Tags | undefined {
    return this.find({ bucket, key })?.tags;
  }

  /** Keys that have an object, sorted. */
  under(bucket: string, prefix = ''): string[] {
    const keys = this.stored.filter((object) => object.bucket === bucket && object.key.startsWith(prefix));
    return [...new Set(keys.map(({ key }) => key))].sort();
  }

  async read(location: Location, limit?: number): Promise<Uint8Array | undefined> {
    await Promise.resolve();
    return this.find(location)?.body.slice(0, limit);
  }

  async write({ bucket, key }: Location, body: string): Promise<void> {
    await this.faults.around(() => this.put(bucket, key, body));
  }

  async writeOnce(location: Location, body: string): Promise<boolean> {
    return this.faults.around(() => {
      if (this.find(location) !== undefined) return false;
      this.put(location.bucket, location.key, body);
      return true;
    });
  }

  async copy(source: Location, target: Location, tags?: Tags): Promise<boolean> {
    return this.faults.around(() => {
      const found = this.find(source);
      if (found !== undefined) this.put(target.bucket, target.key, found.body, tags ?? found.tags);
      return found !== undefined;
    });
  }

  /** Without a version nothing is left to see, as behind a delete marker. */
  async remove({ bucket, key, versionId }: Location): Promise<void> {
    await this.faults.around(() => {
      const isGone = (object: Stored): boolean =>
        isAt(object, bucket, key) && (versionId === undefined || object.versionId === versionId);
      this.stored = this.stored.filter((object) => !isGone(object));
    });
  }

  async *versions(bucket: string, prefix: string): AsyncIterable<ObjectVersion> {
    await Promise.resolve();
    for (const key of this.under(bucket, prefix))
      yield* this.stored.filter((object) => isAt(object, bucket, key));
  }

  async *keys(bucket: string, prefix: string): AsyncIterable<string> {
    await Promise.resolve();
    yield* this.under(bucket, prefix);
  }

  private find({ bucket, key, versionId }: Location): Stored | undefined {
    return this.stored.find(
      (object) => isAt(object, bucket, key) && (versionId === undefined || object.versionId === versionId),
    );
  }
}

function isAt(object: Stored, bucket: string, key: string): boolean {
  return object.bucket === bucket && object.key === key;
}
