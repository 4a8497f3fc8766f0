import type { Table, TableColumn } from '../contract/contracts';

/**
 * Statements that create a view `<table>_masked` of every table with personal columns, by the name of the query that holds
 * them. Each column is there, a personal one without its value: that it has one is told, not which. A digest would tell,
 * since whoever knows the ids can compute it for each.
 */
export function maskedViews(tables: readonly Table[]): Record<string, string> {
  const personal = tables.filter(({ columns }) => columns.some(isPersonal));
  return Object.fromEntries(personal.map((table) => [`create_${table.name}_masked`, maskedView(table)]));
}

function maskedView({ name, columns }: Table): string {
  const masked = columns.filter(isPersonal).map((column) => column.name);
  return [
    `-- Creates the view ${name}_masked: ${name} without the values of ${masked.join(' and ')}.`,
    '-- A convenience and no control: it reads the table in the name of whoever asks. The control is a grant on columns.',
    `CREATE OR REPLACE VIEW ${name}_masked AS`,
    'SELECT',
    columns.map((column) => `  ${selected(column)}`).join(',\n'),
    `FROM ${name}`,
    '',
  ].join('\n');
}

function selected(column: TableColumn): string {
  const name = `"${column.name}"`;
  if (!isPersonal(column)) return name;
  // no other type has a value that says "masked": NULL, but of its type
  if (column.sqlType !== 'string') return `IF(false, ${name}) AS ${name}`;
  return `IF(${name} IS NOT NULL, '***') AS ${name}`;
}

function isPersonal({ classification }: TableColumn): boolean {
  return classification === 'pii';
}
