import { drawMachine } from '../graph/draw';
import { type Layout } from '../graph/layout';
import { html, type Content, type Markup } from '../html';
import { everyState, type StateRun } from '../model/machine';
import { type Report } from '../model/report';
import { count, duration, moment, nothing, plural, some } from './format';
import { badge, bar, section, table } from './parts';

/** The machine of the last run: a picture, and the same as a table. */
export function runSection({ run }: Report, layout: Layout | undefined, leftOut: number): Markup {
  if (run === undefined || layout === undefined) {
    return section('run', 'Last run', html`<p>No execution of the state machine is on record.</p>`);
  }
  const states = everyState(run.machine.states);
  const visited = states.filter(({ visits }) => visits > 0);
  const longest = Math.max(0, ...visited.filter(isLeaf).map(({ seconds }) => seconds ?? 0));
  const took = run.endedAt === null ? null : (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  const title = `The state machine of the last run: ${visited.length} of ${states.length} states entered; the table beside it says the same in words`;
  return section(
    'run',
    'Last run',
    html`<p>
      ${badge(run.status)} started ${moment(run.startedAt)}
      UTC${took !== null && html`, took <b>${duration(took)}</b>`}. <span class="quiet">${run.arn}</span>
    </p>`,
    html`<div class="beside">
        <div class="scroll picture" role="region" tabindex="0" aria-label="Picture of the state machine">
          ${drawMachine(layout, title)}
        </div>
        ${table(
          'states-table',
          'States that were entered, with the time between entering and leaving them',
          [
            { title: 'State' },
            { title: 'Outcome' },
            { title: 'Time', numeric: true },
            { title: 'Relative' },
            { title: 'Visits', numeric: true },
            { title: 'Errors', numeric: true },
          ],
          visited.filter(({ type }) => type !== 'Choice').map((state) => stateRow(state, longest)),
        )}
      </div>
      <p class="note">
        Dashed boxes run side by side or once per chunk; their time is the sum of what is inside or a little
        more.
        ${
          leftOut > 0 &&
          html`${plural(leftOut, 'state')} that only an error leads to ${leftOut === 1 ? 'is' : 'are'} left
          out of the picture.`
        }
      </p>`,
  );
}

const isLeaf = ({ flows }: StateRun): boolean => flows.length === 0;

function stateRow(state: StateRun, longest: number): Content[] {
  const { name, outcome, seconds, visits, errors } = state;
  return [
    name,
    badge(outcome),
    seconds === null ? nothing : duration(seconds),
    isLeaf(state) ? bar([{ label: 'time', value: seconds ?? 0 }], longest) : nothing,
    count(visits),
    some(errors),
  ];
}
