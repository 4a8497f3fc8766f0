import { CommandFailed } from '../errors';
import { type Cell, renderTable } from '../table';
import { type Terminal } from '../terminal';
import { type QueryResult, type ResultColumn } from './athena';

const NUMBERS = new Set(['tinyint', 'smallint', 'integer', 'int', 'bigint', 'real', 'float', 'double']);
/** A number as JSON writes it: https://www.rfc-editor.org/rfc/rfc8259#section-6 */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;

/**
 * A value as JSON text: integers, finite floats and booleans native, everything else a string. Text, because a bigint
 * may be greater than JavaScript's numbers hold exactly.
 */
export function jsonValue(value: string | null, type: string): string {
  if (value === null) return 'null';
  if (NUMBERS.has(type) && JSON_NUMBER.test(value) && Number.isFinite(Number(value))) return value;
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value;
  return JSON.stringify(value);
}

/** Writes a result as it arrives: a JSON array of objects, or a table. */
export async function writeResult(terminal: Terminal, result: QueryResult, json: boolean): Promise<void> {
  if (json) await writeRows(terminal, result);
  else await writeTable(terminal, result);
}

async function writeRows(terminal: Terminal, { columns, rows }: QueryResult): Promise<void> {
  refuseRepeatedNames(columns);
  let separator = '[';
  for await (const row of rows) {
    const cells = columns.map(
      ({ name, type }, index) => `${JSON.stringify(name)}: ${jsonValue(row[index] ?? null, type)}`,
    );
    await terminal.write(`${separator}\n  { ${cells.join(', ')} }`);
    separator = ',';
  }
  await terminal.write(separator === '[' ? '[]\n' : '\n]\n');
}

function refuseRepeatedNames(columns: readonly ResultColumn[]): void {
  const repeated = columns.filter(
    ({ name }, index) => columns.findIndex((other) => other.name === name) < index,
  );
  if (repeated.length === 0) return;
  throw new CommandFailed(
    `The result has several columns named ${repeated.map(({ name }) => name).join(', ')}: give each a name of its own (AS ...)`,
  );
}

async function writeTable(terminal: Terminal, { columns, rows }: QueryResult): Promise<void> {
  const cells: Cell[][] = [];
  for await (const row of rows) cells.push(columns.map((_, index) => row[index] ?? null));
  if (columns.length > 0) {
    await terminal.write(
      renderTable(
        columns.map(({ name }) => name),
        cells,
      ),
    );
  }
  terminal.note(`${cells.length} rows`);
}
