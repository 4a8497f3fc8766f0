import { type Cloud, LANDING } from '../cloud/cloud';
import type { FileItem } from '../../../src/ledger/items';
import type { Upload } from '../history/history';
import { groupBy } from '../lake/rank';

/** The ledger's file of each upload, if it has one. */
export type Known = ReadonlyMap<Upload, FileItem>;

/** Each version is archived, rejected or failed, and lies where that says. */
export async function versionProblems(
  cloud: Cloud,
  uploads: readonly Upload[],
  known: Known,
): Promise<string[]> {
  const problems: string[] = [];
  for (const upload of uploads) {
    const file = known.get(upload);
    const found =
      file === undefined
        ? upload.removed
          ? []
          : ['was never registered']
        : await placeProblems(cloud, upload, file);
    const name = `${upload.key} ${upload.versionId} ${file?.state ?? ''}`;
    problems.push(...found.map((problem) => `versions: ${name} ${problem}`));
  }
  return problems;
}

async function placeProblems(cloud: Cloud, upload: Upload, { fileId, state }: FileItem): Promise<string[]> {
  const { key, versionId } = upload;
  const inRaw = (await cloud.objects.read({ bucket: LANDING, key, versionId })) !== undefined;
  if (state === 'FAILED') return inRaw || upload.removed ? [] : ['is gone from raw/'];
  if (state !== 'ARCHIVED' && state !== 'REJECTED') return ['has not ended'];
  const folder = state === 'ARCHIVED' ? 'archived/' : 'rejected/';
  const copies = cloud.objects.under(LANDING).filter((other) => other.includes(fileId));
  const kept = copies.filter((other) => !other.endsWith('.reasons.json'));
  const [copy] = kept;
  // refused by its name alone, it need not have been there any more
  const isGone = upload.removed && state === 'REJECTED' && copy === undefined;
  return [
    ...(inRaw ? ['is still in raw/'] : []),
    ...(isGone || (kept.length === 1 && copy?.startsWith(folder) === true)
      ? []
      : [`lies at ${kept.join() || 'no place'}`]),
    ...(copy === undefined || cloud.objects.text(LANDING, copy) === upload.body
      ? []
      : ['was changed on the way']),
    ...(state === 'ARCHIVED' || copies.length > kept.length ? [] : ['has no reasons beside it']),
  ];
}

/** Versions of one key have sequences in the order in which they were put. */
export function orderProblems(uploads: readonly Upload[], known: Known): string[] {
  return [...groupBy(uploads, ({ key }) => key).values()].flatMap((ofKey) => {
    const sequences = ofKey.flatMap((upload) => known.get(upload)?.sequence ?? []);
    return sequences.join() === sequences.toSorted().join() ? [] : [`order: ${sequences.join(' before ')}`];
  });
}
