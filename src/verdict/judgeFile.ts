import type { Manifest, ManifestFile, Verdict } from '../batch/documents';
import { checkHeader, HEAD_BYTES } from '../header/checkHeader';
import { MAX_COPY_BYTES, type Objects } from '../objects/objects';

type Reason = Verdict['reasons'][number];

/** Rules whose file is not rejected but FAILED: there is nothing to move to rejected/, or no way to move it. */
export const FAILURE_RULES: ReadonlySet<string> = new Set(['SOURCE_GONE', 'TOO_LARGE']);

/**
 * Whether a file of the manifest may load, by its name and at most HEAD_BYTES of its copy in processing/. The columns
 * are those of the manifest: the batch's job knows no others, whatever has been deployed since.
 */
export async function judgeFile(
  objects: Pick<Objects, 'read'>,
  { landingBucket: bucket, contracts }: Pick<Manifest, 'landingBucket' | 'contracts'>,
  file: Pick<ManifestFile, 'fileId' | 'key' | 'dataset' | 'size' | 'processingKey'>,
): Promise<Verdict> {
  const { fileId, key, dataset, size } = file;
  const refused = (...reasons: Reason[]): Verdict => ({ fileId, accepted: false, reasons });
  if (size > MAX_COPY_BYTES) return refused(TOO_LARGE);
  const contract = contracts[dataset ?? ''];
  if (contract === undefined) return refused(unknownDataset(key, Object.keys(contracts)));
  const notCsv = key.endsWith('.csv') ? [] : [NOT_CSV];
  const head =
    size === 0 ? new Uint8Array() : await objects.read({ bucket, key: file.processingKey }, HEAD_BYTES);
  if (head === undefined) return refused(SOURCE_GONE);
  const verdict = checkHeader(head, size, contract);
  if (verdict.accepted && notCsv.length === 0)
    return { fileId, accepted: true, columns: verdict.columns, reasons: [] };
  if (verdict.accepted) return refused(...notCsv);
  const other = Object.keys(contracts).find((name) => {
    const terms = contracts[name];
    return terms !== undefined && checkHeader(head, size, terms).accepted;
  });
  return refused(...notCsv, ...(other === undefined ? verdict.reasons : [wrongFolder(key, other)]));
}

function wrongFolder(key: string, dataset: string): Reason {
  return reason(
    'WRONG_FOLDER',
    `The header is the one of ${dataset}; upload the file to raw/${dataset}/ instead of ${key}.`,
  );
}

function unknownDataset(key: string, datasets: readonly string[]): Reason {
  const folders = datasets.map((name) => `raw/${name}/`).join(', ');
  return reason(
    'UNKNOWN_DATASET',
    `${key} lies in no dataset's folder; upload the file to one of ${folders}.`,
  );
}

const NOT_CSV = reason('NOT_CSV', 'The name does not end in .csv; upload CSV text under such a name.');
const TOO_LARGE = reason(
  'TOO_LARGE',
  'The file has more than 5 GiB, the most that S3 copies at once; split it.',
);
const SOURCE_GONE = reason(
  'SOURCE_GONE',
  'This version of the object was deleted before it was loaded; upload the file again.',
);

function reason(rule: string, message: string): Reason {
  return { rule, column: null, message };
}
