import pMap from 'p-map';
import definition from '../../schemas/zones.json';
import type { Log } from '../lambda/lambda';
import type { Objects } from '../objects/objects';
import type { Measure, Measurement } from './metrics';

/** A part of a bucket that is kept and measured as one. */
export interface Zone {
  readonly bucket: string;
  readonly prefix: string;
  readonly description: string;
  /** The stage parameter that says how long an object is kept; absent: none expires by its age. */
  readonly days?: string;
  /** Each dataset has a folder and may have a parameter of its own: `<days>.<dataset>`. */
  readonly byDataset?: boolean;
}

export const zones: Readonly<Record<string, Zone>> = definition.zones;

export interface MeasureStoragePorts {
  readonly objects: Pick<Objects, 'versions'>;
  readonly measure: Measure;
  readonly log: Log;
}

/** A thousand to a request: what a function of a minute can list. */
const MOST_VERSIONS = 100_000;
const CONCURRENT_LISTINGS = 4;

/**
 * Measures what each zone stores, old versions of objects included: they are paid for like the newest. A zone of more versions
 * than a listing is worth is left out, and said so; S3 measures the bucket as a whole all the same.
 *
 * @param buckets names of the stage's buckets, by what zones call them.
 */
export async function measureStorage(
  { objects, measure, log }: MeasureStoragePorts,
  buckets: Readonly<Record<string, string>>,
  most = MOST_VERSIONS,
): Promise<void> {
  const measured = await pMap(
    Object.entries(zones),
    async ([zone, { bucket, prefix }]): Promise<Measurement[]> => {
      const value = await bytesUnder(objects, buckets[bucket] ?? '', prefix, most);
      if (value !== undefined) return [{ name: 'ZoneBytes', value, zone }];
      log.warn('not measured: the zone has too many object versions to be listed', { zone, most });
      return [];
    },
    { concurrency: CONCURRENT_LISTINGS },
  );
  measure(measured.flat());
}

async function bytesUnder(
  objects: MeasureStoragePorts['objects'],
  bucket: string,
  prefix: string,
  most: number,
): Promise<number | undefined> {
  let bytes = 0;
  let versions = 0;
  for await (const { size } of objects.versions(bucket, prefix)) {
    if (++versions > most) return undefined;
    bytes += size;
  }
  return bytes;
}
