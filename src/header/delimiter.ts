import { CsvError, parse } from 'csv-parse/sync';

/** The header's names, or what is wrong with its quotes. */
export type Names =
  { readonly ok: true; readonly names: string[] } | { readonly ok: false; readonly problem: string };

const DELIMITERS = [
  { character: ';', name: 'semicolons' },
  { character: '\t', name: 'tabs' },
  { character: '|', name: 'vertical bars' },
];

/** Splits a header line as CSV: `"` quotes, doubled inside; plain spaces and tabs around names do not count. */
export function splitHeader(line: string, delimiter = ','): Names {
  try {
    const [names = []] = parse(outsideSpaces(line, delimiter), {
      delimiter,
      record_delimiter: '\n',
    });
    return { ok: true, names: names.map(trim) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      ok: false,
      problem: error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'is not closed' : 'stands beside other text',
    };
  }
}

/** The delimiter other than a comma that splits the line into more of the known names; undefined when none does. */
export function otherDelimiter(
  line: string,
  isKnown: (name: string) => boolean,
): { character: string; name: string } | undefined {
  const known = (delimiter: string): number => {
    const split = splitHeader(line, delimiter);
    const names = split.ok ? split.names : line.split(delimiter).map(trim);
    return names.filter(isKnown).length;
  };
  const byComma = known(',');
  return DELIMITERS.find(({ character }) => {
    const names = known(character);
    return names > byComma && names > 1;
  });
}

/** Without plain spaces and tabs around it. Not String.trim, which would hide a no-break space; no pattern, which takes
 * quadratic time on a long run of spaces. */
function trim(name: string): string {
  const isSpace = (index: number): boolean => name[index] === ' ' || name[index] === '\t';
  let start = 0;
  let end = name.length;
  while (start < end && isSpace(start)) start++;
  while (end > start && isSpace(end - 1)) end--;
  return name.slice(start, end);
}

/** Spaces between a delimiter and a quote belong to neither. */
function outsideSpaces(line: string, delimiter: string): string {
  const space = delimiter === '\t' ? ' ' : '[ \\t]';
  const mark = delimiter === '|' ? '\\|' : delimiter;
  return line
    .replace(new RegExp(`(^|${mark})${space}+(?=")`, 'g'), '$1')
    .replace(new RegExp(`"${space}+(?=${mark}|$)`, 'g'), '"');
}
