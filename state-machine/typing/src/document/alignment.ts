/** What an escape in a double-quoted scalar takes, beside the backslash and its letter. */
const ESCAPED_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Where each character of a scalar's value stands in its source text: YAML folds lines, drops indentation and decodes
 * escapes, and a message has to point at the file. Computed when first asked for.
 */
export function alignment(value: string, raw: string, style: string): () => readonly number[] {
  let places: readonly number[] | undefined;
  return () => (places ??= align(value, raw, style));
}

function align(value: string, raw: string, style: string): number[] {
  const places: number[] = [];
  let at = start(raw, style);
  for (const char of value.split('')) {
    const fold = /^[ \t]*\r?\n[ \t\r\n]*/.exec(raw.slice(at, at + 400));
    if (/\s/.test(char) && fold !== null) {
      places.push(at);
      at += fold[0].length;
      continue;
    }
    if (!/\s/.test(char)) at = skipTo(char, raw, at, style);
    places.push(at);
    if (raw[at] === char || !/\s/.test(char)) at += width(raw, at, style);
  }
  places.push(at);
  return places;
}

function start(raw: string, style: string): number {
  if (style.startsWith('BLOCK')) return raw.indexOf('\n') + 1;
  return style.startsWith('QUOTE') ? 1 : 0;
}

/** Over indentation and line ends that the value has not. */
function skipTo(char: string, raw: string, from: number, style: string): number {
  let at = from;
  while (at < raw.length && raw[at] !== char && /\s/.test(raw[at] ?? '')) at += 1;
  if (style === 'QUOTE_DOUBLE' && raw.startsWith('\\\n', at)) return skipTo(char, raw, at + 2, style);
  return at;
}

function width(raw: string, at: number, style: string): number {
  if (style === 'QUOTE_SINGLE' && raw.startsWith("''", at)) return 2;
  if (style === 'QUOTE_DOUBLE' && raw[at] === '\\') return 2 + (ESCAPED_DIGITS[raw[at + 1] ?? ''] ?? 0);
  return 1;
}
