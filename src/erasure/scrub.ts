import { digestOf } from './digest';

/** What stands where a document quoted the person. */
export const ERASED = '[erased]';

const WORD = /[^\s,;|"'“”‘’()[\]]+/gu;

/** Replaces a person in what documents quote of a file: in every text of a JSON value, whole words alone. */
export function scrub(value: unknown, digest: string, key: Uint8Array): unknown {
  if (typeof value === 'string') return scrubText(value, digest, key);
  if (Array.isArray(value)) return value.map((part) => scrub(part, digest, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, scrub(part, digest, key)]));
}

export function scrubText(text: string, digest: string, key: Uint8Array): string {
  return text.replaceAll(WORD, (word) => (digestOf(word, key) === digest ? ERASED : word));
}
