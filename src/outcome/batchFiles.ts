import {
  type DocumentSource,
  type Manifest,
  type ManifestFile,
  readVerdicts,
  type Verdict,
} from '../batch/documents';
import type { Objects } from '../objects/objects';
import { FAILURE_RULES } from '../verdict/judgeFile';

/** The files of a batch by what their verdicts say. */
export interface BatchFiles {
  /** Accepted files by dataset, oldest first. */
  readonly accepted: ReadonlyMap<string, readonly ManifestFile[]>;
  /** Files that could not even be looked at. */
  readonly unreadable: readonly (Pick<ManifestFile, 'key' | 'dataset'> & { readonly reason: string })[];
  /** Files refused for their header. */
  readonly rejected: readonly ManifestFile[];
}

/** @throws DocumentMissing, InvalidDocument */
export async function batchFiles(
  objects: Objects,
  batch: DocumentSource,
  manifest: Manifest,
): Promise<BatchFiles> {
  const chunks = Array.from({ length: manifest.chunks }, (_, chunk) => readVerdicts(objects, batch, chunk));
  const verdicts = new Map<string, Verdict>();
  for (const document of await Promise.all(chunks)) {
    for (const verdict of document.verdicts) verdicts.set(verdict.fileId, verdict);
  }
  const accepted = new Map<string, ManifestFile[]>();
  const unreadable: BatchFiles['unreadable'][number][] = [];
  const rejected: ManifestFile[] = [];
  for (const file of manifest.files) {
    const verdict = verdicts.get(file.fileId);
    if (verdict?.accepted === true && file.dataset !== null) {
      accepted.set(file.dataset, [...(accepted.get(file.dataset) ?? []), file]);
    }
    const failure = verdict?.reasons.find(({ rule }) => FAILURE_RULES.has(rule));
    const { key, dataset } = file;
    if (failure !== undefined) unreadable.push({ key, dataset, reason: failure.message });
    else if (verdict?.accepted === false) rejected.push(file);
  }
  return { accepted, unreadable, rejected };
}
