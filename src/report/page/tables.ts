import { html, type Content, type Markup } from '../html';
import { type Report, type TableCommit, type TableReport } from '../model/report';
import { bytes, count, moment, nothing, plural, some } from './format';
import { details, section, table } from './parts';

const SHOWN_COMMITS = 20;
const SHOWN_PARTITIONS = 60;

export function tablesSection({ tables }: Report): Markup {
  return section(
    'tables',
    'Tables',
    table(
      'tables-table',
      'The Delta tables as their logs have them',
      [
        { title: 'Table' },
        { title: 'Version', numeric: true },
        { title: 'Rows', numeric: true },
        { title: 'Files', numeric: true },
        { title: 'Size', numeric: true },
        { title: 'Average file', numeric: true },
        { title: 'Partitions', numeric: true },
        { title: 'Last change (UTC)' },
      ],
      tables.map(tableRow),
    ),
    tables.filter(({ commits }) => commits.length > 0).map(tableDetails),
  );
}

function tableRow({ name, version, rows, files, bytes: size, partitions, commits }: TableReport): Content[] {
  return [
    name,
    count(version),
    count(rows),
    count(files),
    bytes(size),
    files === 0 ? nothing : bytes(size / files < 1000 ? Math.round(size / files) : size / files),
    partitions.length === 0 ? nothing : count(partitions.length),
    moment(commits[0]?.timestamp ?? null),
  ];
}

function tableDetails({ name, commits, partitions }: TableReport): Markup {
  const parts = partitions.length === 0 ? '' : ` and ${plural(partitions.length, 'partition')}`;
  return details(html`<code>${name}</code>: ${plural(commits.length, 'commit')}${parts}`, [
    table(
      `commits-${name}`,
      html`Commits of <code>${name}</code>, newest
        first${commits.length > SHOWN_COMMITS && `; the last ${SHOWN_COMMITS}`}`,
      [
        { title: 'Version' },
        { title: 'Time (UTC)' },
        { title: 'Operation' },
        { title: 'Batch', numeric: true },
        { title: 'Inserted', numeric: true },
        { title: 'Updated', numeric: true },
        { title: 'Deleted', numeric: true },
      ],
      commits.slice(0, SHOWN_COMMITS).map(commitRow),
    ),
    partitions.length > 0 &&
      table(
        `partitions-${name}`,
        html`Partitions of
          <code>${name}</code>${partitions.length > SHOWN_PARTITIONS && `; the last ${SHOWN_PARTITIONS}`}`,
        [
          { title: 'Partition' },
          { title: 'Rows', numeric: true },
          { title: 'Files', numeric: true },
          { title: 'Size', numeric: true },
        ],
        partitions
          .slice(-SHOWN_PARTITIONS)
          .map((part) => [part.name, count(part.rows), count(part.files), bytes(part.bytes)]),
      ),
  ]);
}

function commitRow({ version, timestamp, operation, batch, rows }: TableCommit): Content[] {
  return [
    version,
    moment(timestamp),
    operation ?? nothing,
    count(batch),
    ...(rows === null
      ? [nothing, nothing, nothing]
      : [some(rows.inserted), some(rows.updated), some(rows.deleted)]),
  ];
}

export function samplesSection({ samples }: Report): Markup {
  const shown = samples.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return section('samples', 'Sample rows', html`<p>The tables are empty.</p>`);
  return section(
    'samples',
    'Sample rows',
    shown.map(({ table: name, columns, withheld, rows }) => [
      table(
        `sample-${name}`,
        html`${plural(rows.length, 'row')} of <code>${name}</code>`,
        columns.map((title) => ({ title })),
        rows.map((row) => row.map((cell) => cell ?? nothing)),
      ),
      withheld.length > 0 && html`<p class="note">Not shown, for it is personal: ${withheld.join(', ')}.</p>`,
    ]),
  );
}
