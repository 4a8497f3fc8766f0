const LF = 0x0a;
const CR = 0x0d;
const BLANK = new Set([0x20, 0x09]);

/** The first line of a file that is not blank, or why there is none. */
export type HeaderLine =
  | { readonly found: 'line'; readonly bytes: Uint8Array }
  /** The file ends without a line that is not blank. */
  | { readonly found: 'nothing' }
  /** The bytes at hand end before the line does. */
  | { readonly found: 'no end' };

/**
 * Finds the header line. A line ends with LF, CRLF or CR.
 *
 * @param head the first bytes of the file, without a byte order mark.
 * @param complete whether they are the whole file; then its end ends the line.
 */
export function headerLine(head: Uint8Array, complete: boolean): HeaderLine {
  let start = 0;
  while (start < head.length) {
    const length = head.subarray(start).findIndex((byte) => byte === LF || byte === CR);
    if (length === -1) break;
    const line = head.subarray(start, start + length);
    if (!isBlank(line)) return { found: 'line', bytes: line };
    start += length + 1;
  }
  const rest = head.subarray(start);
  if (!complete) return { found: 'no end' };
  return isBlank(rest) ? { found: 'nothing' } : { found: 'line', bytes: rest };
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => BLANK.has(byte));
}
