import { binaryFormat } from './binary';
import { checkColumns, type HeaderColumns } from './checkColumns';
import { otherDelimiter, splitHeader } from './delimiter';
import { decode, wideEncoding, withoutMark } from './encoding';
import { headerLine } from './headerLine';

/** Most bytes of a file that the header check reads. */
export const HEAD_BYTES = 64 * 1024;

/** Why a file may not load; `rule` is one of schemas/rules.json with the scope `header`. */
export interface HeaderReason {
  readonly rule: string;
  readonly column: string | null;
  readonly message: string;
}

export type HeaderVerdict =
  | { readonly accepted: true; readonly columns: string[] }
  | { readonly accepted: false; readonly reasons: HeaderReason[] };

/**
 * Judges a file by its header alone. Rows, even unreadable ones, are the job's business.
 *
 * @param head the first bytes of the file, at most HEAD_BYTES.
 * @param size bytes of the whole file.
 * @returns the columns in the file's order, or every reason against it with the way to mend it.
 */
export function checkHeader(head: Uint8Array, size: number, contract: HeaderColumns): HeaderVerdict {
  if (size === 0 || head.length === 0)
    return rejected('EMPTY_FILE', 'The file has no content; upload it again.');
  const format = binaryFormat(head);
  if (format !== undefined) {
    return rejected('BINARY_FILE', `The file is ${format.name}, not CSV text: ${format.mend}.`);
  }
  const wide = wideEncoding(head);
  if (wide !== undefined) {
    return rejected('WRONG_ENCODING', `The file is ${wide}; save it as UTF-8 ("CSV UTF-8" in spreadsheets).`);
  }
  const line = headerLine(withoutMark(head), head.length >= size);
  if (line.found === 'nothing') {
    return rejected('EMPTY_FILE', `The file has nothing but blank lines (${size} bytes); upload it again.`);
  }
  if (line.found === 'no end') {
    return head.includes(0) ? holdsNul() : rejected('HEADER_TOO_LONG', HEADER_TOO_LONG);
  }
  if (line.bytes.includes(0)) return holdsNul();
  const text = decode(line.bytes);
  if (text === undefined) {
    const message =
      'The header has bytes that are no UTF-8, probably of Windows-1252 or Latin-1; save the file as UTF-8.';
    return rejected('WRONG_ENCODING', message);
  }
  return checkLine(text, contract);
}

function checkLine(line: string, contract: HeaderColumns): HeaderVerdict {
  if (/^\s*"?sep=.?"?\s*$/i.test(line)) {
    const message = `The first line is ${JSON.stringify(line.trim())}, an instruction for a spreadsheet: remove it and separate the columns by commas.`;
    return rejected('WRONG_DELIMITER', message);
  }
  const other = otherDelimiter(line, (name) => contract.columns.includes(name));
  if (other !== undefined) {
    const message = `The columns are separated by ${other.name} (${JSON.stringify(other.character)}); separate them by commas.`;
    return rejected('WRONG_DELIMITER', message);
  }
  const split = splitHeader(line);
  if (!split.ok) {
    const message = `A double quote in the header ${split.problem}; enclose a whole name in quotes, or none of it. A name cannot hold a line break.`;
    return rejected('BAD_QUOTING', message);
  }
  const reasons = checkColumns(split.names, contract);
  return reasons.length === 0 ? { accepted: true, columns: split.names } : { accepted: false, reasons };
}

const HEADER_TOO_LONG = `No line ends within the first ${HEAD_BYTES} bytes, so there is no header; end every line with a line feed.`;

function holdsNul(): HeaderVerdict {
  return rejected(
    'BINARY_FILE',
    'The header holds NUL bytes: the file is no text, or was damaged; export it again as CSV.',
  );
}

function rejected(rule: string, message: string): HeaderVerdict {
  return { accepted: false, reasons: [{ rule, column: null, message }] };
}
