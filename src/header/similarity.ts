import { withoutHidden } from './encoding';

/** Number of single characters to insert, delete or replace to make one text the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  const right = Array.from(b);
  let row = right.map((_, index) => index + 1);
  let rowStart = 0;
  for (const left of a) {
    let diagonal = rowStart;
    let before = ++rowStart;
    row = row.map((above, index) => {
      before = Math.min(above + 1, before + 1, diagonal + (right[index] === left ? 0 : 1));
      diagonal = above;
      return before;
    });
  }
  return row.at(-1) ?? rowStart;
}

/** The candidate that a misspelt name most probably means; undefined when none is near. */
export function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  const wanted = normal(name);
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, normal(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** Case, hidden characters and the sign between words do not make a name another one. */
function normal(name: string): string {
  return withoutHidden(name)
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
}
