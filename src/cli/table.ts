import Table from 'cli-table3';

export type Cell = string | number | boolean | null | undefined;

// control characters of the data must not reach the terminal
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Rows as a table with plain borders, ending with a line end; null shows as nothing. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row.map((cell) => String(cell ?? '').replace(CONTROL, '\uFFFD')));
  return `${table.toString()}\n`;
}
