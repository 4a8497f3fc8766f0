import { html, type Content, type Markup } from '../html';
import { type StateOutcome, type StateRun } from '../model/machine';
import { duration, plural } from '../page/format';
import { type Layout, type PlacedState, type PlacedWay } from './layout';

const MARGIN = 6;

const SIGNS: Readonly<Record<StateOutcome, string>> = {
  done: '✓',
  caught: '↻',
  failed: '✕',
  running: '…',
  unvisited: '',
};

/** What happened in a state, in words. */
export function stateInWords({ name, type, outcome, visits, seconds, errors }: StateRun): string {
  if (outcome === 'unvisited') return `${name} (${type}): not entered`;
  const parts = [
    `${name} (${type}): ${outcome}`,
    ...(seconds === null ? [] : [duration(seconds)]),
    ...(visits > 1 ? [plural(visits, 'visit')] : []),
    ...(errors > 0 ? [plural(errors, 'error')] : []),
  ];
  return parts.join(', ');
}

/** The machine as a picture. What each state did stands in its title and in the table beside it. */
export function drawMachine({ width, height, groups, states, ways }: Layout, title: string): Markup {
  const size = `${-MARGIN} ${-MARGIN} ${Math.ceil(width) + 2 * MARGIN} ${Math.ceil(height) + 2 * MARGIN}`;
  return html`<svg
    class="machine"
    role="img"
    aria-labelledby="machine-picture"
    viewBox="${size}"
    width="${Math.ceil(width) + 2 * MARGIN}"
    height="${Math.ceil(height) + 2 * MARGIN}"
  >
    <title id="machine-picture">${title}</title>
    <defs>
      <marker
        id="tip"
        class="tip"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path d="M0 0.5 8 4 0 7.5z"></path>
      </marker>
      <marker
        id="tip-taken"
        class="tip taken"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path d="M0 0.5 8 4 0 7.5z"></path>
      </marker>
    </defs>
    ${groups.map(
      (box) =>
        html`<rect
          class="group"
          x="${fixed(box.x)}"
          y="${fixed(box.y)}"
          width="${fixed(box.width)}"
          height="${fixed(box.height)}"
          rx="8"
        ></rect> `,
    )}${[...ways].sort((a, b) => Number(a.way.taken) - Number(b.way.taken)).map(drawWay)}${states.map(drawState)}
  </svg>`;
}

function drawWay({ way, points, tip }: PlacedWay): Content {
  const [start, ...rest] = points;
  if (start === undefined) return '';
  const text = ([x, y]: readonly [number, number]): string => `${fixed(x)} ${fixed(y)}`;
  const line = `M${text(start)} C${rest.map(text).join(' ')}${tip === undefined ? '' : ` L${text(tip)}`}`;
  const kind = `${way.taken ? 'taken' : 'possible'}${way.catches ? ' catches' : ''}`;
  return html`<path
    class="way ${kind}"
    d="${line}"
    marker-end="url(#${way.taken ? 'tip-taken' : 'tip'})"
  ></path> `;
}

function drawState({ state, x, y, width, height }: PlacedState): Content {
  const { name, type, outcome, seconds } = state;
  const middle = fixed(x + width / 2);
  const round = type === 'Choice' ? 2 : type === 'Succeed' || type === 'Fail' ? height / 2 : 6;
  const below = [SIGNS[outcome], seconds === null ? '' : duration(seconds)]
    .filter((part) => part !== '')
    .join(' ');
  const box = html`<rect
    x="${fixed(x)}"
    y="${fixed(y)}"
    width="${fixed(width)}"
    height="${fixed(height)}"
    rx="${round}"
  ></rect>`;
  const label = html`<text class="name" x="${middle}" y="${fixed(y + (below === '' ? height / 2 + 4 : 15))}"
    >${name}</text
  >`;
  const time = below !== '' && html`<text class="time" x="${middle}" y="${fixed(y + 28)}">${below}</text>`;
  return html`<g class="state ${outcome} ${type}"
    ><title>${stateInWords(state)}</title>${box}${label}${time}</g
  > `;
}

const fixed = (value: number): string => value.toFixed(1);
