import type { Rejection } from '../../generated/types/documents/rejection';
import type { Manifest, ManifestFile, Verdict } from '../batch/documents';
import { classificationOf } from '../contract/contracts';
import type { Tags } from '../objects/objects';

/** Key under which a loaded or rejected file is kept; the file id keeps two files of one name apart. */
export function destinationKey(
  kind: 'archived' | 'rejected',
  file: Pick<ManifestFile, 'fileId' | 'dataset' | 'key'>,
  batch: number,
): string {
  const name = file.key.slice(file.key.lastIndexOf('/') + 1);
  return `${kind}/${file.dataset ?? 'unknown'}/batch=${batch}/${file.fileId}-${name}`;
}

/** Tags of the kept copy, by which a bucket policy or a role can tell files that hold personal data. */
export function tagsOf({ dataset }: Pick<ManifestFile, 'dataset'>): Tags {
  return { classification: classificationOf(dataset) };
}

/** Key of the document beside a rejected file. */
export function reasonsKey(key: string): string {
  return `${key}.reasons.json`;
}

/** The document beside a rejected file. */
export function rejectionOf(manifest: Manifest, file: ManifestFile, { reasons }: Verdict): Rejection {
  return {
    file: file.key,
    versionId: file.versionId,
    dataset: file.dataset,
    batch: manifest.number,
    rejectedAt: manifest.plannedAt,
    reasons,
  };
}
