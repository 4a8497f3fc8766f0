import type { Location } from '../objects/objects';

/** Where the bytes of a file are: its version under raw/, or the copy that an earlier batch has put away. */
export function keptCopy(
  bucket: string,
  {
    key,
    versionId,
    location,
  }: { readonly key: string; readonly versionId: string; readonly location?: string | null | undefined },
): Location {
  return location == null ? { bucket, key, versionId } : { bucket, key: location };
}
