import { layOut } from '../graph/layout';
import { reached } from '../graph/reached';
import { html, type Content, type Markup } from '../html';
import { type Report } from '../model/report';
import { count, duration, moment, nothing } from './format';
import { badge } from './parts';
import { runSection } from './run';
import { batchesSection, filesSection, lineageSection, rejectsSection, rowsSection } from './sections';
import { style, styleSource } from './style';
import { samplesSection, tablesSection } from './tables';

const SECTIONS = [
  ['files', 'Files'],
  ['rows', 'Rows'],
  ['rejects', 'Rejects'],
  ['run', 'Last run'],
  ['batches', 'Batches'],
  ['tables', 'Tables'],
  ['lineage', 'Lineage'],
  ['samples', 'Samples'],
] as const;

const TONES = { good: 'in order', busy: 'at work', bad: 'needs a look' } as const;

/**
 * The report as one HTML document that needs nothing else. It holds no script, and its own policy forbids any, as well as
 * every request: only the one style sheet, named by its hash, has an effect.
 */
export async function renderPage(report: Report): Promise<string> {
  const machine = report.run && reached(report.run.machine);
  const layout = machine && (await layOut(machine));
  const policy = `default-src 'none'; style-src ${styleSource}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>Lakehouse ${report.stage}: ${report.headline}</title>
        ${style}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <p class="quiet">Lakehouse, stage <b>${report.stage}</b>, ${moment(report.writtenAt)} UTC</p>
          <h1>${badge(report.tone, TONES[report.tone])} ${report.headline}</h1>
          ${figures(report)}
          <nav aria-label="Sections">
            <ul>
              ${SECTIONS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">
          ${filesSection(report)} ${rowsSection(report)} ${rejectsSection(report)}
          ${runSection(report, layout, machine?.leftOut ?? 0)} ${batchesSection(report)}
          ${tablesSection(report)} ${lineageSection(report)} ${samplesSection(report)}
        </main>
        <footer>
          <p class="quiet">
            Written by <code>npx lakehouse report</code>. One file: it loads nothing and runs no script.
          </p>
        </footer>
      </body>
    </html> `.toString();
}

function figures({ files, rows, unaccounted, waitingRows, batches, tables }: Report): Markup {
  const read = rows.reduce((sum, { rows: counts }) => sum + counts.read, 0);
  const rejected = rows.reduce((sum, { rows: counts }) => sum + counts.rejected, 0);
  const seconds = batches.at(-1)?.seconds ?? null;
  const held = tables.filter(({ kind }) => kind === 'rows');
  const stored = held.every(({ rows: known }) => known !== null)
    ? held.reduce((sum, { rows: known }) => sum + (known ?? 0), 0)
    : null;
  const shown: readonly (readonly [string, Content])[] = [
    ['files', count(files.length)],
    ['rows read', count(read)],
    ['rejected', count(rejected)],
    ['waiting for a parent', count(waitingRows)],
    ['unaccounted', count(unaccounted)],
    ['in the tables', count(stored)],
    ['last batch', seconds === null ? nothing : duration(seconds)],
  ];
  return html`<dl class="figures">
    ${shown.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
