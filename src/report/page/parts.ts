import { html, type Content, type Markup } from '../html';

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly numeric?: true;
}

/**
 * A table whose first column names its rows. Where it is wider than the screen it scrolls by itself, by keyboard too.
 *
 * @param id unique on the page
 */
export function table(
  id: string,
  caption: Content,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup {
  const kind = (index: number): string => (columns[index]?.numeric ? 'number' : 'text');
  return html`<div class="scroll" id="${id}-region" role="region" tabindex="0" aria-labelledby="${id}">
    <table>
      <caption id="${id}">
        <span class="caption">${caption}</span>
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, index) => html`<th scope="col" class="${kind(index)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${kind(index)}">${cell}</td>`))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A section that the page's navigation leads to. */
export function section(id: string, title: string, ...content: readonly Content[]): Markup {
  return html` <section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

/** Text that a person opens when it is wanted. */
export function details(summary: Content, content: Content): Markup {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;
}

/** What a state means, as a sign of its own beside the word: colour is never the only one. */
const SIGNS: Readonly<Record<string, { readonly tone: string; readonly sign: string }>> = {
  ARCHIVED: { tone: 'good', sign: '✓' },
  DONE: { tone: 'good', sign: '✓' },
  done: { tone: 'good', sign: '✓' },
  SUCCEEDED: { tone: 'good', sign: '✓' },
  good: { tone: 'good', sign: '✓' },
  REJECTED: { tone: 'warn', sign: '⊘' },
  ROLLED_BACK: { tone: 'warn', sign: '↩' },
  caught: { tone: 'warn', sign: '↻' },
  PENDING: { tone: 'busy', sign: '…' },
  PLANNED: { tone: 'busy', sign: '…' },
  OPEN: { tone: 'busy', sign: '…' },
  WITHDRAWING: { tone: 'busy', sign: '…' },
  RUNNING: { tone: 'busy', sign: '…' },
  running: { tone: 'busy', sign: '…' },
  busy: { tone: 'busy', sign: '…' },
};
const BAD = { tone: 'bad', sign: '✕' };

export function badge(state: string, word = state): Markup {
  const { tone, sign } = SIGNS[state] ?? BAD;
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

export interface Share {
  readonly label: string;
  readonly value: number;
}

/**
 * Shares of a whole side by side. It is for the eye only: the numbers stand in the table that it belongs to.
 *
 * @param scale the value that fills the width; the sum of the shares if it is not given
 */
export function bar(
  shares: readonly Share[],
  scale = shares.reduce((sum, { value }) => sum + value, 0),
): Markup {
  let at = 0;
  const pieces = shares.map(({ label, value }) => {
    const width = scale === 0 ? 0 : (100 * value) / scale;
    const piece = html`<rect
      class="share ${label}"
      x="${at.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="10"
    ></rect>`;
    at += width;
    return value === 0 ? '' : piece;
  });
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    ${pieces}
  </svg>`;
}

/** Values as columns, one for each batch; for the eye only. */
export function spark(values: readonly number[]): Markup {
  const highest = Math.max(1, ...values);
  const bars = values.map((value, index) => {
    const height = value === 0 ? 0.6 : Math.max(1.5, (20 * value) / highest);
    return html`<rect
      class="${value === 0 ? 'zero' : 'some'}"
      x="${index * 6}"
      y="${(20 - height).toFixed(2)}"
      width="5"
      height="${height.toFixed(2)}"
    ></rect>`;
  });
  const width = Math.max(6, values.length * 6);
  return html`<svg class="spark" viewBox="0 0 ${width} 20" width="${width}" height="20" aria-hidden="true">
    ${bars}
  </svg>`;
}
