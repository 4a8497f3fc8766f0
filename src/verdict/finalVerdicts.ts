import { type DocumentSource, type JobResult, readResult, type Verdict } from '../batch/documents';
import type { Outcome } from '../../generated/types/states/outcome';
import type { Objects } from '../objects/objects';

/**
 * What the jobs of the loaded datasets published.
 *
 * @throws DocumentMissing, InvalidDocument, ManifestMismatch
 */
export function resultsOf(
  objects: Objects,
  batch: DocumentSource,
  outcomes: readonly Outcome[],
): Promise<JobResult[]> {
  const loaded = outcomes.filter(({ status }) => status === 'LOADED');
  return Promise.all(loaded.map(({ dataset }) => readResult(objects, batch, dataset)));
}

/** The verdicts on headers, but for the files that a job rejected as a whole after reading their rows. */
export function finalVerdicts(verdicts: readonly Verdict[], results: readonly JobResult[]): Verdict[] {
  const rejected = new Map(
    results.flatMap(({ rejectedFiles }) => rejectedFiles.map(({ fileId, reasons }) => [fileId, reasons])),
  );
  return verdicts.map((verdict) => {
    const reasons = rejected.get(verdict.fileId);
    return reasons === undefined ? verdict : { fileId: verdict.fileId, accepted: false, reasons };
  });
}
