import { type FileItem } from '../../ledger/items';
import { rowOutcomes } from '../../outcome/rows';
import { html, type Content, type Markup } from '../html';
import { type BatchReport, type LineageStep, type RejectTrend, type Report } from '../model/report';
import { count, duration, moment, nothing, plural, some } from './format';
import { badge, bar, details, section, spark, table } from './parts';

/** Files named one by one; the others are counted. */
const SHOWN_FILES = 200;

const fileName = (key: string): string => key.replace(/^raw\//u, '');

export function filesSection({ files }: Report): Markup {
  if (files.length === 0) return section('files', 'Files', html`<p>No file has arrived.</p>`);
  // the ones that need a look come first
  const order = [...files].sort((a, b) => rank(a) - rank(b));
  const rest = files.length - SHOWN_FILES;
  return section(
    'files',
    'Files',
    table(
      'files-table',
      'Files of the last day and those that wait, with the rows they brought',
      [
        { title: 'File' },
        { title: 'State' },
        { title: 'Batch', numeric: true },
        { title: 'Rows read', numeric: true },
        { title: 'New or changed', numeric: true },
        { title: 'Rejected', numeric: true },
        { title: 'Waiting', numeric: true },
      ],
      order.slice(0, SHOWN_FILES).map(fileRow),
    ),
    rest > 0 &&
      html`<p class="note">
        ${plural(rest, 'more file')}: <code>npx lakehouse status</code> counts them by state.
      </p>`,
  );
}

const STATES = ['FAILED', 'WITHDRAWN', 'REJECTED', 'PENDING', 'PLANNED', 'ARCHIVED'];
const rank = ({ state }: FileItem): number => STATES.indexOf(state);

function fileRow({ key, state, batch, rows, reasons = [] }: FileItem): Content[] {
  const why = reasons.map(({ rule, message }) => html`<span class="reason"><b>${rule}</b> ${message}</span>`);
  return [
    html`<bdi>${fileName(key)}</bdi>${why}`,
    badge(state),
    count(batch),
    ...(rows === undefined
      ? [nothing, nothing, nothing, nothing]
      : [count(rows.read), count(rows.inserted + rows.updated), some(rows.rejected), some(rows.orphaned)]),
  ];
}

export function rowsSection({ rows }: Report): Markup {
  if (rows.length === 0)
    return section('rows', 'Rows by outcome', html`<p>No file of the last day was loaded.</p>`);
  return section(
    'rows',
    'Rows by outcome',
    html`<ul class="legend" aria-hidden="true">
      ${rowOutcomes.map((outcome) => html`<li><span class="key ${outcome}"></span>${outcome}</li>`)}
    </ul>`,
    table(
      'rows-table',
      'Where the rows of these files ended; the outcomes add up to the rows read',
      [
        { title: 'Dataset' },
        { title: 'Share' },
        { title: 'read', numeric: true },
        ...rowOutcomes.map((title) => ({ title, numeric: true }) as const),
      ],
      rows.map(({ dataset, rows: counts }) => [
        dataset,
        bar(rowOutcomes.map((label) => ({ label, value: counts[label] ?? 0 }))),
        count(counts.read),
        ...rowOutcomes.map((outcome) => some(counts[outcome] ?? 0)),
      ]),
    ),
  );
}

export function rejectsSection({ rejects, batches }: Report): Markup {
  if (rejects.length === 0) return section('rejects', 'Rejects', html`<p>No line was rejected.</p>`);
  const datasets = [...new Set(rejects.flatMap(({ byDataset }) => [...byDataset.keys()]))].sort();
  const span = batches.length === 1 ? 'the last batch' : `the last ${batches.length} batches`;
  return section(
    'rejects',
    'Rejects',
    table(
      'rejects-table',
      `Why lines were rejected in ${span}; a line that breaks two rules counts under each`,
      [
        { title: 'Rule and what it means' },
        { title: 'Lines', numeric: true },
        ...datasets.map((title) => ({ title, numeric: true }) as const),
        { title: 'By batch' },
      ],
      rejects.map((trend) => rejectRow(trend, datasets)),
    ),
    html`<p class="note">
      <code>npx lakehouse rejects DATASET</code> shows the lines, <code>docs/rules.md</code> an example of
      each rule.
    </p>`,
  );
}

/** So many counts are read out; the columns of the picture are all of them. */
const SPOKEN_TREND = 8;

function rejectRow({ rule, lines, byDataset, byBatch, meaning }: RejectTrend, datasets: string[]): Content[] {
  const numbers = byBatch.slice(-SPOKEN_TREND).join(', ');
  return [
    html`${rule}<span class="reason">${meaning}</span>`,
    count(lines),
    ...datasets.map((dataset) => some(byDataset.get(dataset) ?? 0)),
    html`${spark(byBatch)}<span class="unseen">oldest first: ${numbers}</span>`,
  ];
}

export function batchesSection({ batches }: Report): Markup {
  if (batches.length === 0) return section('batches', 'Batches', html`<p>There is no batch yet.</p>`);
  const longest = Math.max(0, ...batches.map(({ seconds }) => seconds ?? 0));
  return section(
    'batches',
    'Batches',
    table(
      'batches-table',
      'The last batches, newest first',
      [
        { title: 'Batch' },
        { title: 'State' },
        { title: 'Opened (UTC)' },
        { title: 'Duration', numeric: true },
        { title: 'Relative to the longest' },
        { title: 'Files', numeric: true },
        { title: 'Job runs', numeric: true },
        { title: 'Rows read', numeric: true },
        { title: 'Rejected', numeric: true },
        { title: 'Violations', numeric: true },
      ],
      [...batches].reverse().map((batch) => batchRow(batch, longest)),
    ),
  );
}

function batchRow(batch: BatchReport, longest: number): Content[] {
  const { number, state, kind, rollsBack, openedAt, seconds, files, jobRuns, rows, violations, lastError } =
    batch;
  return [
    html`${number}${rollsBack !== null && html`<span class="reason">rollback of ${rollsBack}</span>`}${
      (kind === 'maintenance' || kind === 'erasure') && html`<span class="reason">${kind}</span>`
    }${lastError !== null && html`<span class="reason">${lastError}</span>`}`,
    badge(state),
    moment(openedAt),
    seconds === null ? nothing : duration(seconds),
    bar([{ label: 'time', value: seconds ?? 0 }], longest),
    ...[count(files), count(jobRuns), count(rows.read), some(rows.rejected)],
    violations === null ? nothing : some(violations),
  ];
}

export function lineageSection({ lineage, batches }: Report): Markup {
  if (lineage.length === 0)
    return section('lineage', 'Lineage', html`<p>No job has published a result yet.</p>`);
  const last = batches.at(-1)?.number;
  return section(
    'lineage',
    'Lineage',
    html`<p>
      Every row names its file, line and batch in <code>_file</code>, <code>_line</code> and
      <code>_batch</code>; the named query <code>trace_rows</code> follows them back.
    </p>`,
    html`<ol class="steps" reversed>
      ${[...lineage].reverse().map((step) => lineageStep(step, step.batch === last))}
    </ol>`,
  );
}

function lineageStep({ batch, dataset, jobRunId, files, rows, tables }: LineageStep, open: boolean): Markup {
  const changed = tables.filter(({ before, after }) => before !== after);
  const named = html`<ul class="names">
    ${files.map((key) => html`<li><bdi>${fileName(key)}</bdi></li>`)}
  </ul>`;
  return html`<li>
    <p class="step">
      <b>Batch ${batch}, ${dataset}</b>: ${plural(files.length, 'file')}
      <span aria-label="to">→</span> ${plural(rows.read, 'row')} <span aria-label="to">→</span> ${
        changed.length === 0
          ? 'no table changed'
          : changed.map(
              ({ name, before, after }, index) =>
                html`${index > 0 && ', '}<code>${name}</code> version
                  ${after}${before === null ? ' (created)' : html` (was ${before})`}`,
            )
      }
    </p>
    ${files.length > 0 && (open && files.length <= 12 ? named : details(`The ${plural(files.length, 'file')}`, named))}
    <p class="note">Job run <code>${jobRunId}</code></p>
  </li>`;
}
