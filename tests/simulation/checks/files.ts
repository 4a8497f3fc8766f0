import { type Cloud, LANDING } from '../cloud/cloud';
import { type FileItem, keys } from '../../../src/ledger/items';
import type { MemoryStore } from '../../unit/fakes/memoryStore';
import type { Upload } from '../history/history';
import { groupBy } from '../lake/rank';

/** The ledger's file of each upload, if it has one. */
export type Known = ReadonlyMap<Upload, FileItem>;

/** Each version is archived, rejected, failed or withdrawn, and its one copy lies where the ledger says. */
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

async function placeProblems(
  cloud: Cloud,
  upload: Upload,
  { fileId, state, location, batch }: FileItem,
): Promise<string[]> {
  const { key, versionId } = upload;
  if (state === 'PENDING' || state === 'PLANNED') return [`has not ended, batch ${batch ?? '-'}`];
  const inRaw = (await cloud.objects.read({ bucket: LANDING, key, versionId })) !== undefined;
  const copies = cloud.objects.under(LANDING).filter((other) => other.includes(fileId));
  const reasons = copies.filter((other) => other.endsWith('.reasons.json'));
  // of a file that failed the working copy stays
  const isKept = (other: string): boolean =>
    !cloud.lateCopies.has(other) && (state !== 'FAILED' || !other.startsWith('processing/'));
  const kept = copies.filter((other) => !reasons.includes(other) && isKept(other));
  // refused by its name alone, it need not have been there any more
  const isGone = upload.removed && (location === undefined || (state === 'REJECTED' && kept.length === 0));
  const isThere = location === undefined ? inRaw && kept.length === 0 : !inRaw && kept.join() === location;
  const folder = { ARCHIVED: 'archived/', REJECTED: 'rejected/', FAILED: '', WITHDRAWN: '' }[state];
  const text = location === undefined ? undefined : cloud.objects.text(LANDING, location);
  return [
    ...(isThere || (isGone && !inRaw)
      ? []
      : [`lies at ${[...(inRaw ? [key] : []), ...kept].join() || 'no place'}`]),
    ...((location ?? '').startsWith(folder) ? [] : [`is said to lie at ${location ?? key}`]),
    ...(text === undefined || text === upload.body ? [] : ['was changed on the way']),
    ...(reasons.length === (location?.startsWith('rejected/') === true ? 1 : 0)
      ? []
      : [`has ${reasons.length} documents of reasons beside it`]),
  ];
}

/**
 * Versions of one key have sequences in the order in which they were put; each keeps the one it got at its arrival. Not a
 * version that somebody deleted before it was registered: a newer one of its second, told of meanwhile, did not find it and
 * took its place. No copy of it can ever be loaded, so nothing depends on its place.
 */
export function orderProblems(uploads: readonly Upload[], known: Known, store: MemoryStore): string[] {
  const moved = [...known.values()].filter(({ fileId, sequence }) => {
    const { pk, sk } = keys.sequence(sequence);
    return store.items.get(`${pk}\n${sk}`)?.['fileId'] !== fileId;
  });
  const ordered = [...groupBy(uploads, ({ key }) => key).values()].flatMap((ofKey) => {
    const kept = ofKey.filter((upload) => !upload.removed || known.get(upload)?.location !== undefined);
    const sequences = kept.flatMap((upload) => known.get(upload)?.sequence ?? []);
    return sequences.join() === sequences.toSorted().join() ? [] : [`order: ${sequences.join(' before ')}`];
  });
  return [
    ...ordered,
    ...moved.map(({ fileId }) => `order: ${fileId} has another sequence than at its arrival`),
  ];
}
