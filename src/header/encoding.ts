const BYTE_ORDER_MARKS: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  // the longer ones first: UTF-32LE begins like UTF-16LE
  { name: 'UTF-32', bytes: [0xff, 0xfe, 0x00, 0x00] },
  { name: 'UTF-32', bytes: [0x00, 0x00, 0xfe, 0xff] },
  { name: 'UTF-16', bytes: [0xff, 0xfe] },
  { name: 'UTF-16', bytes: [0xfe, 0xff] },
];
const UTF8_MARK = [0xef, 0xbb, 0xbf];
/** Bytes that are looked at for the pattern of NULs. */
const SAMPLE = 512;

/** UTF-16 or UTF-32, told by the byte order mark or by where NUL bytes stand; undefined for anything else. */
export function wideEncoding(head: Uint8Array): string | undefined {
  const marked = BYTE_ORDER_MARKS.find(({ bytes }) => startsWith(head, bytes));
  if (marked !== undefined) return marked.name;
  const sample = head.subarray(0, SAMPLE);
  const units = Math.floor(sample.length / 2);
  if (units < 2) return undefined;
  // ASCII text in UTF-16 has a NUL in every other byte and nowhere else
  const nuls = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = nuls;
  const most = units * 0.7;
  if (even >= most && odd >= units * 0.4) return 'UTF-32';
  if (odd >= most && even >= units * 0.4) return 'UTF-32';
  return (even >= most && odd === 0) || (odd >= most && even === 0) ? 'UTF-16' : undefined;
}

/** The bytes behind a UTF-8 byte order mark. */
export function withoutMark(head: Uint8Array): Uint8Array {
  return startsWith(head, UTF8_MARK) ? head.subarray(UTF8_MARK.length) : head;
}

/** The text, or undefined when the bytes are no UTF-8. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Characters that nobody sees: spaces other than the plain one, zero width, direction marks, controls. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** The hidden characters of a text as `U+00A0`, each once. */
export function hiddenCharacters(text: string): string[] {
  const found = text.match(HIDDEN) ?? [];
  return [...new Set(found)].map(
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, '');
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}
