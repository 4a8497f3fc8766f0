import type { AstBody } from './ast';

/** Where the token that ends before `end` begins. */
export function startOfToken(body: AstBody, end: number, text: string): number {
  const before = text.slice(0, end);
  switch (body.type) {
    case 'variable':
      return Math.max(0, end - body.name.length - 1);
    case 'name':
      return /["'`]$/.test(before) ? startOfQuoted(before) : Math.max(0, end - body.name.length);
    case 'literal':
      if (typeof body.value === 'string') return startOfQuoted(before);
      if (typeof body.value === 'number') {
        return end - (/(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.exec(before)?.[0].length ?? 1);
      }
      return end - String(body.value).length;
    case 'lambda':
      return Math.max(before.lastIndexOf('function'), before.lastIndexOf('λ'), 0);
    default:
      return Math.max(0, end - 1);
  }
}

/** The quote that opens what `before` ends with: the last one with an even number of backslashes in front. */
function startOfQuoted(before: string): number {
  const quote = before.at(-1);
  for (let at = before.length - 2; at >= 0; at -= 1) {
    const slashes = /\\*$/.exec(before.slice(0, at))?.[0].length ?? 0;
    if (before[at] === quote && slashes % 2 === 0) return at;
  }
  return 0;
}
