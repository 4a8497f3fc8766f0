import { type DiffOutput, type DiffRow, type DiffVersion } from '../../../generated/types/outputs/diff';
import { type Cell, renderTable } from '../table';

const kinds = ['added', 'changed', 'removed'] as const;

/** The differences for people. */
export function renderDiff(output: DiffOutput): string {
  const { table, from, to, counts, added, changed, removed } = output;
  return [
    `${table} from ${versionOf(from)} to ${versionOf(to)}\n`,
    renderTable(kinds, [kinds.map((kind) => counts[kind])]),
    rowsOf('added', added),
    changedRows(changed),
    rowsOf('removed', removed),
  ].join('');
}

/** A sentence for each kind of which not all rows are shown. */
export function withheld(output: DiffOutput): string[] {
  return kinds
    .filter((kind) => output[kind].length < output.counts[kind])
    .map(
      (kind) =>
        `${output[kind].length} of ${output.counts[kind]} ${kind} rows are shown; --limit ${output.counts[kind]} shows all`,
    );
}

function versionOf({ version, timestamp }: DiffVersion): string {
  return timestamp === null ? `version ${version}` : `version ${version} (${timestamp})`;
}

function rowsOf(kind: string, rows: readonly DiffRow[]): string {
  const flat = rows.map(({ key, values, lineage }) => ({ ...key, ...values, ...lineage }));
  return titled(kind, Object.keys(flat[0] ?? {}), flat.map(Object.values<string | null>));
}

/** A line for each column that differs. */
function changedRows(rows: DiffOutput['changed']): string {
  const [first] = rows;
  if (first === undefined) return '';
  return titled(
    'changed',
    [...Object.keys(first.key), 'column', 'before', 'after', ...Object.keys(first.lineage)],
    rows.flatMap(({ key, values, lineage }) =>
      Object.entries(values).map(([name, { before, after }]) => [
        ...Object.values(key),
        ...[name, before, after],
        ...Object.values(lineage),
      ]),
    ),
  );
}

function titled(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return rows.length === 0 ? '' : `${title}\n${renderTable(head, rows)}`;
}
