import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { type Row } from './rows';

/** How a file is written; every variant is good CSV of the dialect that the service reads. */
export interface Dialect {
  readonly bom: boolean;
  readonly lineEnd: '\n' | '\r\n';
  readonly columns: readonly string[];
}

const ROWS_PER_WRITE = 1_000;

/** One record as CSV, without line end. */
export function csvLine(cells: readonly string[]): string {
  return stringify([[...cells]], { record_delimiter: '\n', escape_formulas: false }).slice(0, -1);
}

/** A CSV file written row by row with flat memory. It bears its name only when it is complete. */
export class CsvFile {
  readonly header: string;
  private pending: string[][] = [];

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly dialect: Dialect,
  ) {
    this.header = csvLine(dialect.columns);
  }

  static async create(path: string, dialect: Dialect): Promise<CsvFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = new CsvFile(path, await open(`${path}.partial`, 'w'), dialect);
    await file.handle.appendFile(`${dialect.bom ? '\uFEFF' : ''}${file.header}${dialect.lineEnd}`);
    return file;
  }

  async row(row: Row): Promise<void> {
    this.pending.push(this.cells(row));
    if (this.pending.length >= ROWS_PER_WRITE) await this.flush();
  }

  /** Writes the bytes as a line of their own, whatever they are. */
  async line(bytes: Buffer): Promise<void> {
    await this.flush();
    await this.handle.appendFile(Buffer.concat([bytes, Buffer.from(this.dialect.lineEnd)]));
  }

  /** The row as it would stand in the file, without line end. */
  textOf(row: Row): string {
    return csvLine(this.cells(row));
  }

  async close(): Promise<void> {
    await this.flush();
    await this.handle.close();
    await rename(`${this.path}.partial`, this.path);
  }

  /** Gives the file up: nothing of it stays. */
  async discard(): Promise<void> {
    await this.handle.close();
    await rm(`${this.path}.partial`, { force: true });
  }

  private cells(row: Row): string[] {
    return this.dialect.columns.map((column) => row[column] ?? '');
  }

  private async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const text = stringify(this.pending, { record_delimiter: this.dialect.lineEnd });
    this.pending = [];
    await this.handle.appendFile(text);
  }
}
