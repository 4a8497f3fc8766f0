/** A number with about two digits that mean something. */
export function rounded(value: number): string {
  return value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}

/** A Markdown table, columns padded as prettier does. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/**
 * The page with `text` between the markers of a section.
 *
 * @throws Error when the page has no such markers
 */
export function withSection(page: string, section: string, text: string): string {
  const [opening, closing] = [`<!-- ${section}: `, `<!-- end of ${section} -->`];
  const begin = page.indexOf('-->', page.indexOf(opening));
  const end = page.indexOf(closing);
  if (!page.includes(opening) || begin < 0 || end < begin) {
    throw new Error(
      `docs/performance.md lacks "${opening}... -->" and, after it, "${closing}": put them back`,
    );
  }
  return [page.slice(0, begin + '-->'.length), text, page.slice(end)].join('\n\n');
}
