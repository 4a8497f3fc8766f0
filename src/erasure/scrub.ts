import { digestOf } from './digest';

/** What stands where a document quoted the person. */
export const ERASED = '[erased]';

/** A name as messages quote it, which is JSON. */
const QUOTED = /"(?:[^"\\]|\\.)*"/gu;
const PIECE = /[^,;|\t]+/gu;
const WORD = /[^\s,;|"'“”‘’()[\]]+/gu;

/** Replaces a person in what documents quote of a file: in every text of a JSON value; whole names, pieces of a line and words alone. */
export function scrub(value: unknown, digest: string, key: Uint8Array): unknown {
  if (typeof value === 'string') return scrubText(value, digest, key);
  if (Array.isArray(value)) return value.map((part) => scrub(part, digest, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, scrub(part, digest, key)]));
}

export function scrubText(text: string, digest: string, key: Uint8Array): string {
  const isPerson = (found: string): boolean => digestOf(found, key) === digest;
  const bare = (found: string): string => (isPerson(found) ? ERASED : found);
  return isPerson(text.trim())
    ? ERASED
    : text
        .replaceAll(QUOTED, (name) => (isPerson(unquoted(name)) ? `"${ERASED}"` : name))
        .replaceAll(PIECE, (piece) => piece.replace(piece.trim(), bare))
        .replaceAll(WORD, bare);
}

function unquoted(name: string): string {
  try {
    return String(JSON.parse(name));
  } catch {
    return name.slice(1, -1);
  }
}
