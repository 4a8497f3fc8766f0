import { type Source } from './sources';

/** Uploads one file and gives the version it became. */
export type Put = (source: Source, signal: AbortSignal) => Promise<string>;

/** A file that is in the landing bucket. */
export interface Uploaded extends Source {
  readonly versionId: string;
}

/**
 * Uploads the files of each dataset one after the other, in key order, and the datasets side by side. The service lets
 * the later upload win where two files hold the same row, so the files of a dataset must not overtake each other.
 */
export async function uploadAll(
  sources: readonly Source[],
  put: Put,
  signal: AbortSignal,
  onUploaded: (count: number) => void,
): Promise<Uploaded[]> {
  const datasets = [...new Set(sources.map(({ dataset }) => dataset))];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const uploaded: Uploaded[] = [];
  const uploadOne = async (source: Source): Promise<void> => {
    either.throwIfAborted();
    uploaded.push({ ...source, versionId: await put(source, either) });
    onUploaded(uploaded.length);
  };
  const outcomes = await Promise.allSettled(
    datasets.map(async (dataset) => {
      try {
        for (const source of sources.filter((file) => file.dataset === dataset)) await uploadOne(source);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw either.reason;
  return uploaded;
}
