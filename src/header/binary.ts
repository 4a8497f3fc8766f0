interface Format {
  readonly name: string;
  readonly magic: readonly number[];
  readonly mend: string;
}

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const DECOMPRESS = 'decompress it and upload the .csv inside';
const EXPORT = 'export the sheet as "CSV UTF-8" and upload that';

/** File formats that turn up under a CSV name, by their first bytes. */
const FORMATS: readonly Format[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], mend: DECOMPRESS },
  { name: 'bzip2', magic: ascii('BZh'), mend: DECOMPRESS },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], mend: DECOMPRESS },
  { name: 'zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd], mend: DECOMPRESS },
  { name: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], mend: DECOMPRESS },
  { name: 'rar', magic: ascii('Rar!'), mend: DECOMPRESS },
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], mend: DECOMPRESS },
  { name: 'zip', magic: [0x50, 0x4b, 0x05, 0x06], mend: DECOMPRESS },
  { name: 'xls', magic: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], mend: EXPORT },
  { name: 'parquet', magic: ascii('PAR1'), mend: 'write it as CSV' },
  { name: 'avro', magic: [...ascii('Obj'), 1], mend: 'write it as CSV' },
  { name: 'pdf', magic: ascii('%PDF-'), mend: 'upload the table it was made from, as CSV' },
  { name: 'png', magic: [0x89, 0x50, 0x4e, 0x47], mend: 'upload a CSV file' },
  { name: 'jpeg', magic: [0xff, 0xd8, 0xff], mend: 'upload a CSV file' },
];
const TEXT_MAGIC = new Set(['bzip2', 'parquet', 'rar']);

/** The format of a file that is no text, and how to mend it; undefined when nothing is recognised. */
export function binaryFormat(head: Uint8Array): { name: string; mend: string } | undefined {
  const format = FORMATS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  if (format === undefined) return undefined;
  // letters may begin a header as well: then only a byte that no text has tells
  if (TEXT_MAGIC.has(format.name) && !head.subarray(0, 64).some(isControl)) return undefined;
  if (format.name !== 'zip') return format;
  // an office file is a zip archive; the names of its members stand in clear text
  const members = Buffer.from(head).toString('latin1');
  if (members.includes('xl/') || members.includes('[Content_Types].xml'))
    return { name: 'xlsx', mend: EXPORT };
  return format;
}

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}
