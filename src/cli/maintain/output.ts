import { type MaintainOutput, type PlannedTable } from '../../../generated/types/outputs/maintain';
import { type TableToMaintain } from '../../../generated/types/documents/manifest';
import { renderTable } from '../table';

type Maintained = MaintainOutput['tables'][number];

export function plannedTable({ name, files, bytes, partitions, expired }: TableToMaintain): PlannedTable {
  const zOrdered = partitions.filter(({ zOrder }) => zOrder).length;
  return { name, files, bytes, partitions: partitions.length, zOrdered, expired };
}

const SENTENCES: Readonly<Record<MaintainOutput['state'], string>> = {
  PLANNED: 'this would be done; nothing was written',
  NEEDLESS: 'nothing to do: no partition has enough small files, no table enough files to remove',
  PENDING: 'maintenance waits for the batch that is open',
  OPEN: 'maintenance is at work',
  DONE: 'maintained',
  FAILED: 'maintained in part: the job of a dataset failed',
};

/** The output for people: what was done once it is, else what there is to do. */
export function renderMaintain({ entry, state, planned, tables }: MaintainOutput): string {
  const headline = `${SENTENCES[state]}${entry === null ? '' : `, entry ${entry} of the log`}\n`;
  if (tables.length > 0) return headline + renderMaintained(tables);
  if (planned.length === 0) return headline;
  return (
    headline +
    renderTable(
      ['table', 'files', 'bytes', 'partitions to compact', 'in key order', 'files to remove'],
      planned.map((table) => [
        ...[table.name, table.files, table.bytes],
        ...[table.partitions, table.zOrdered, table.expired],
      ]),
    )
  );
}

const VACUUM: Readonly<Record<Maintained['vacuum'], string>> = { DONE: '', LEFT: ' (left)', NOT_DUE: '' };

/** What was done to each table, for people. */
export function renderMaintained(tables: readonly Maintained[]): string {
  return renderTable(
    ['table', 'files', 'after', 'bytes', 'after', 'partitions compacted', 'left', 'files removed', 'seconds'],
    tables.map((table) => [
      ...[table.name, table.filesBefore, table.filesAfter, table.bytesBefore, table.bytesAfter],
      ...[table.partitionsDone, table.partitionsLeft, `${table.filesRemoved}${VACUUM[table.vacuum]}`],
      table.seconds,
    ]),
  );
}
