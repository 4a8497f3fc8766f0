import type { Verdict } from '../check';
import { type Edge, edgesOf, type Flow, type State } from '../definition/machine';
import { memberOf, textOf } from '../document/node';
import type { StateTypes } from '../flow/analysis';
import { describe } from '../types/describe';
import type { Type } from '../types/type';

const FONT = 'Helvetica';
/** Of an edge's type so many characters a line and so many lines are shown. */
const LINE = 34;
const LINES = 7;

const LOOKS: Readonly<Record<string, string>> = {
  Task: 'shape=box, style="rounded,filled", fillcolor="#dbeafe"',
  Choice: 'shape=hexagon, style=filled, fillcolor="#fef3c7"',
  Wait: 'shape=box, style="rounded,filled", fillcolor="#f3e8ff"',
  Pass: 'shape=box, style=filled, fillcolor="#f3f4f6"',
  Succeed: 'shape=ellipse, style=filled, fillcolor="#dcfce7"',
  Fail: 'shape=ellipse, style=filled, fillcolor="#fee2e2"',
  Parallel: 'shape=box, style="rounded,filled", fillcolor="#ccfbf1"',
  Map: 'shape=box, style="rounded,filled", fillcolor="#ccfbf1"',
};

/** The machine in Graphviz's language: a box for each state, an edge with the type that travels on it. */
export function toDot({ machine, types }: Verdict): string {
  const known = new Map(types.map((recorded) => [recorded.state.offset, recorded]));
  return [
    'digraph machine {',
    `graph [rankdir=TB, compound=true, nodesep=0.35, ranksep=0.45, fontname="${FONT}", fontsize=12, splines=true];`,
    `node [fontname="${FONT}", fontsize=13, margin="0.12,0.06"];`,
    `edge [fontname="${FONT}", fontsize=10, fontcolor="#374151", color="#4b5563"];`,
    'start [shape=circle, label="", width=0.2, style=filled, fillcolor=black];',
    ...flowLines(machine, 'start', known),
    '}',
  ].join('\n');
}

const idOf = (state: State): string => `s${state.offset}`;
/** Where a Parallel or a Map is left. */
const exitOf = (state: State): string => (state.flows.length === 0 ? idOf(state) : `${idOf(state)}x`);

function flowLines(flow: Flow, from: string, known: ReadonlyMap<number, StateTypes>): string[] {
  const byName = new Map(flow.states.map((state) => [state.name, state]));
  const first = byName.get(textOf(flow.startAt?.value) ?? '');
  const entry =
    first === undefined ? [] : [edge(from, idOf(first), label(known.get(first.offset)?.input), '')];
  const states = flow.states.flatMap((state) => stateLines(state, known));
  const edges = flow.states.flatMap((state) =>
    edgesOf(state).map((way) => wayLine(way, byName, known, flow.owner !== undefined)),
  );
  return [...states, ...entry, ...edges.filter((line) => line !== '')];
}

function stateLines(state: State, known: ReadonlyMap<number, StateTypes>): string[] {
  const title = state.flows.length === 0 ? state.name : `${state.name} (${state.type})`;
  const node = `${idOf(state)} [label=${quote(title)}, ${LOOKS[state.type] ?? ''}];`;
  if (state.flows.length === 0) return [node];
  const leaving = state.flows.flatMap(({ states }) =>
    states
      .filter(({ node: body, type }) => memberOf(body, 'End') !== undefined || type === 'Succeed')
      .map((last) =>
        edge(exitOf(last), exitOf(state), label(known.get(last.offset)?.output), 'style=dotted'),
      ),
  );
  return [
    `subgraph cluster_${idOf(state)} {`,
    'style="rounded,filled"; color="#99f6e4"; fillcolor="#f8fffd";',
    node,
    `${exitOf(state)} [shape=point, width=0.12];`,
    ...state.flows.flatMap((flow) => flowLines(flow, idOf(state), known)),
    ...leaving,
    '}',
  ];
}

function wayLine(
  way: Edge,
  byName: ReadonlyMap<string, State>,
  known: ReadonlyMap<number, StateTypes>,
  nested: boolean,
): string {
  const target = byName.get(way.to);
  if (target === undefined) return '';
  const type = known.get(way.from.offset)?.ways.find(({ edge: other }) => other.entry === way.entry)?.type;
  if (way.kind === 'catch') {
    // at the outer level nearly every state leads to the same one, which must not pull them apart
    const loose = nested ? '' : ', constraint=false';
    const style = `style=dashed, color="#dc2626", fontcolor="#b91c1c"${loose}`;
    return edge(idOf(way.from), idOf(target), label(type), style);
  }
  return edge(exitOf(way.from), idOf(target), label(type), way.kind === 'next' ? '' : 'color="#b45309"');
}

const edge = (from: string, to: string, text: string, style: string): string =>
  `${from} -> ${to} [label=${quote(text)}${style === '' ? '' : `, ${style}`}];`;

/** The type in a few short lines; `types` tells the whole. */
function label(type: Type | undefined): string {
  if (type === undefined) return 'never taken';
  const lines = [''];
  for (const word of describe(type, 2).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 1 > LINE && last !== '') lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.length > LINES ? [...lines.slice(0, LINES), '…'].join('\n') : lines.join('\n');
}

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
