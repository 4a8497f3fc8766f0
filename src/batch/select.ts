import type { PendingItem } from '../ledger/items';

/** What an entry may take. */
export interface Limits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** The files of an entry, and for datasets whose files are an isolated group, which one. */
export interface Selection {
  readonly fileIds: string[];
  readonly isolation: Record<string, string>;
}

/**
 * Chooses the files of the next entry: the oldest within the limits, at least one. Of a dataset whose files a failed
 * batch has set apart, an entry takes one isolated group or the files beside them, never both, so that the group alone
 * answers for its failure; the two take turns by the entry's number, so that neither waits for the other for long.
 *
 * @param pending in the order of their sequence.
 */
export function selectFiles(pending: readonly PendingItem[], limits: Limits, number: number): Selection {
  const groups = groupsByDataset(pending, number);
  const isolation: Record<string, string> = {};
  const fileIds: string[] = [];
  let bytes = 0;
  for (const file of pending) {
    const group = groups.get(file.dataset);
    if (file.isolation !== group) continue;
    const full = fileIds.length === limits.maxFiles || bytes + file.size > limits.maxBytes;
    if (full && fileIds.length > 0) break;
    fileIds.push(file.fileId);
    bytes += file.size;
    if (group !== undefined) isolation[file.dataset] = group;
  }
  return { fileIds, isolation };
}

/** By dataset the isolated group whose turn it is; undefined for the files beside the groups. */
function groupsByDataset(pending: readonly PendingItem[], number: number): Map<string, string | undefined> {
  const groups = new Map<string, string | undefined>();
  for (const dataset of new Set(pending.map((file) => file.dataset))) {
    const files = pending.filter((file) => file.dataset === dataset);
    const isolated = files.flatMap(({ isolation }) => isolation ?? []);
    const turn = isolated.length === files.length || number % 2 === 0;
    groups.set(dataset, turn ? largestGroup(isolated) : undefined);
  }
  return groups;
}

/**
 * The group halved the fewest times, the oldest of those: two halves are tried before either is halved again, so that
 * two that fail alike stop the search before it blames a file.
 */
function largestGroup(groups: readonly string[]): string | undefined {
  const halvings = (group: string): number => group.length - group.indexOf('.');
  return groups.toSorted((a, b) => halvings(a) - halvings(b))[0];
}
