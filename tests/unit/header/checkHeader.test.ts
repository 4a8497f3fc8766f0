import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import rules from '../../../schemas/rules.json';
import { contracts } from '../../../src/contract/contracts';
import { termsOf } from '../../../src/contract/terms';
import { checkHeader, HEAD_BYTES, type HeaderVerdict } from '../../../src/header/checkHeader';

const HEADER = 'product_id,department_id,department,product_name';
const COLUMNS = HEADER.split(',');

function check(content: string | Uint8Array): HeaderVerdict {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return checkHeader(bytes.subarray(0, HEAD_BYTES), bytes.length, termsOf(contracts.products, 'local'));
}

function reasons(content: string | Uint8Array): { rule: string; message: string }[] {
  const verdict = check(content);
  return verdict.accepted ? [] : verdict.reasons;
}

const rulesOf = (content: string | Uint8Array): string[] => reasons(content).map(({ rule }) => rule);

test.each([
  ['a header with rows', `${HEADER}\n1,2,a,b\n`],
  ['nothing but a header', `${HEADER}\n`],
  ['a header without a line end', HEADER],
  ['CRLF line ends', `${HEADER}\r\n1,2,a,b\r\n`],
  ['CR line ends', `${HEADER}\r1,2,a,b\r`],
  ['a UTF-8 byte order mark', `\uFEFF${HEADER}\n`],
  ['blank lines before the header', `\n  \r\n${HEADER}\n`],
  ['quoted names', '"product_id","department_id",department,"product_name"\n'],
  ['spaces around names', ' product_id , "department_id" ,\tdepartment,product_name\t\n'],
  [
    'rows that are not UTF-8',
    Buffer.concat([Buffer.from(`${HEADER}\n1,2,`), Buffer.from([0xff, 0xfe, 0x0a])]),
  ],
  ['a NUL in a row', `${HEADER}\n1,2,a\0,b\n`],
])('%s is accepted', (_, content) => {
  expect(check(content)).toEqual({ accepted: true, columns: COLUMNS });
});

test('columns are given in the order of the file', () => {
  expect(check('product_name,department,product_id,department_id\n')).toEqual({
    accepted: true,
    columns: ['product_name', 'department', 'product_id', 'department_id'],
  });
});

test('a character that the 64 KiB cut in two is no encoding error', () => {
  const rows = Buffer.from(`${HEADER}\nx${'€'.repeat(HEAD_BYTES)}`);
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(rows.subarray(0, HEAD_BYTES))).toThrow();
  expect(check(rows)).toMatchObject({ accepted: true });
});

test.each<[string, string | Uint8Array, string, RegExp]>([
  ['an empty file', '', 'EMPTY_FILE', /no content/],
  ['only a byte order mark', '\uFEFF', 'EMPTY_FILE', /blank lines/],
  ['only blank lines', '\n \r\n\t\n', 'EMPTY_FILE', /blank lines/],
  ['gzip', gzipSync(HEADER), 'BINARY_FILE', /gzip.*decompress/],
  ['zip', Buffer.from('PK\x03\x04 orders.csv'), 'BINARY_FILE', /is zip/],
  ['xlsx', Buffer.from('PK\x03\x04 [Content_Types].xml xl/workbook.xml'), 'BINARY_FILE', /xlsx.*CSV UTF-8/],
  ['parquet', Buffer.from('PAR1\x15\x04\x15'), 'BINARY_FILE', /parquet/],
  ['pdf', '%PDF-1.7\n', 'BINARY_FILE', /pdf/],
  ['NUL in the header', `product_id\0,${HEADER}\n`, 'BINARY_FILE', /NUL/],
  ['UTF-16 with a mark', Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le'), 'WRONG_ENCODING', /UTF-16.*UTF-8/],
  ['UTF-16 without a mark', Buffer.from(`${HEADER}\n1,2,a,b`, 'utf16le'), 'WRONG_ENCODING', /UTF-16/],
  ['big-endian UTF-16', Buffer.from(`${HEADER}\n`, 'utf16le').swap16(), 'WRONG_ENCODING', /UTF-16/],
  ['UTF-32', utf32(`${HEADER}\n`), 'WRONG_ENCODING', /UTF-32/],
  ['Latin-1 in the header', Buffer.from(`${HEADER},größe\n`, 'latin1'), 'WRONG_ENCODING', /Windows-1252/],
  ['semicolons', `${HEADER.replaceAll(',', ';')}\n`, 'WRONG_DELIMITER', /semicolons/],
  ['tabs', `${HEADER.replaceAll(',', '\t')}\n`, 'WRONG_DELIMITER', /tabs/],
  ['vertical bars, quoted', `"${COLUMNS.join('"|"')}"\n`, 'WRONG_DELIMITER', /vertical bars/],
  ['a sep line', `sep=;\n${HEADER}\n`, 'WRONG_DELIMITER', /sep=;.*remove it/],
  ['an unbalanced quote', `"product_id,department_id\n${HEADER}\n`, 'BAD_QUOTING', /not closed/],
  ['a name broken by a line end', `"product\n_id",department_id\n`, 'BAD_QUOTING', /line break/],
  ['text behind a quote', `"product"_id,department_id,department,product_name\n`, 'BAD_QUOTING', /quote/],
  ['no line end within 64 KiB', 'a,'.repeat(HEAD_BYTES), 'HEADER_TOO_LONG', /65536/],
])('%s is refused with the one reason that explains it', (_, content, rule, message) => {
  const found = reasons(content);
  expect(found.map((reason) => reason.rule)).toEqual([rule]);
  expect(found[0]?.message).toMatch(message);
});

test('all differences of the columns are told at once', () => {
  expect(rulesOf('product_id,product_id,departmnt,price\n')).toEqual([
    'MISSING_COLUMN',
    'MISSING_COLUMN',
    'MISSING_COLUMN',
    'UNKNOWN_COLUMN',
    'UNKNOWN_COLUMN',
    'DUPLICATE_COLUMN',
  ]);
});

test.each([
  ['Product_ID', 'product_id'],
  ['product id', 'product_id'],
  ['product_id\u00A0', 'product_id'],
  ['\u200Bproduct_id', 'product_id'],
  ['prodct_id', 'product_id'],
])('%j is answered with the column it means', (name, meant) => {
  const unknown = reasons(HEADER.replace('product_id', name)).find(({ rule }) => rule === 'UNKNOWN_COLUMN');
  expect(unknown?.message).toContain(`did you mean ${meant}?`);
});

test('hidden characters are named', () => {
  const [, unknown] = reasons(HEADER.replace('product_id', 'product\u200B_id\u00A0'));
  expect(unknown?.message).toMatch(/U\+200B, U\+00A0/);
});

test('a file without a header is told so, and no row is repeated', () => {
  const found = reasons('4711,12,secret garden,hose\n');
  expect(found.at(-1)).toMatchObject({ rule: 'UNKNOWN_COLUMN', column: null });
  expect(JSON.stringify(found)).not.toContain('secret');
});

test('a header of 30,000 columns yields a bounded list', () => {
  const found = reasons(
    `${HEADER}${',x1'.repeat(10)}${Array.from({ length: 8000 }, (_, i) => `,c${i}`).join('')}\n`,
  );
  expect(found.length).toBeLessThan(50);
  expect(found.at(-1)?.message).toMatch(/And \d+ more/);
});

test('a trailing comma is a column without a name', () => {
  expect(reasons(`${HEADER},\n`)).toMatchObject([
    { rule: 'UNKNOWN_COLUMN', message: expect.stringContaining('no name') },
  ]);
});

test('every rule that is raised is in schemas/rules.json', () => {
  const listed = rules.filter(({ scope }) => scope === 'header').map(({ name }) => name);
  expect(listed).toEqual(expect.arrayContaining(rulesOf('product_id,product_id,nothing\n')));
});

function utf32(text: string): Uint8Array {
  const codes = Array.from(text).flatMap((character) => [character.codePointAt(0) ?? 0, 0, 0, 0]);
  return Buffer.from(codes.slice(0, text.length * 4).map((code, index) => (index % 4 === 0 ? code : 0)));
}
