import { type Graph, instance } from '@viz-js/viz';
import { checker } from '../../schema/validator';
import { type MachineRun, type StateRun, type Way } from '../model/machine';

/** Lengths are points; the origin is the upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface PlacedState extends Box {
  readonly state: StateRun;
}
/** A curve of cubic Béziers: a first point, then three for each piece; the arrow's tip comes last. */
export interface PlacedWay {
  readonly way: Way;
  readonly points: readonly (readonly [number, number])[];
  readonly tip: readonly [number, number] | undefined;
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly Box[];
  readonly states: readonly PlacedState[];
  readonly ways: readonly PlacedWay[];
}

interface Drawing {
  readonly bb: string;
  readonly objects: readonly {
    readonly name: string;
    readonly pos?: string;
    readonly width?: string;
    readonly height?: string;
    readonly bb?: string;
  }[];
  readonly edges?: readonly { readonly id?: string; readonly pos?: string }[];
}
const check = checker<Drawing>({
  type: 'object',
  required: ['bb', 'objects'],
  properties: {
    bb: { type: 'string' },
    objects: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string' },
          pos: { type: 'string' },
          width: { type: 'string' },
          height: { type: 'string' },
          bb: { type: 'string' },
        },
      },
    },
    edges: {
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'string' }, pos: { type: 'string' } } },
    },
  },
});

const POINTS_PER_INCH = 72;
const CHARACTER = 6.6;
const PADDING = 22;
const STATE_HEIGHT = 36;

/** Where Graphviz puts the states of a run and the ways between them. */
export async function layOut({ states, ways }: MachineRun): Promise<Layout> {
  const viz = await instance();
  const inner = waysWithin(states, ways);
  const drawn = [...ways.map(fromExit(states)), ...inner];
  const checked = check(viz.renderJSON(graphOf(states, drawn), { engine: 'dot', yInvert: true }));
  if (!checked.ok)
    throw new TypeError(`Graphviz gave another layout than expected: ${checked.problems.join('; ')}`);
  const { bb, objects, edges = [] } = checked.value;
  const all = new Map(flat(states).map((state) => [state.name, state]));
  const [, , width = 0, height = 0] = numbers(bb);
  return {
    width,
    height: Math.max(height, numbers(bb)[1] ?? 0),
    groups: objects.flatMap(({ bb: box }) => (box === undefined ? [] : [corners(box)])),
    states: objects.flatMap(({ name, pos, width: wide, height: high }) => {
      const state = all.get(name);
      if (state === undefined || pos === undefined) return [];
      const [x = 0, y = 0] = numbers(pos);
      const size = { width: Number(wide) * POINTS_PER_INCH, height: Number(high) * POINTS_PER_INCH };
      return [{ state, x: x - size.width / 2, y: y - size.height / 2, ...size }];
    }),
    ways: edges.flatMap(({ id, pos }) => {
      const way = drawn[Number(id ?? NaN)];
      return way === undefined || pos === undefined ? [] : [{ way, ...curve(pos) }];
    }),
  };
}

const flat = (states: readonly StateRun[]): StateRun[] =>
  states.flatMap((state) => [state, ...state.flows.flatMap(flat)]);

function graphOf(states: readonly StateRun[], ways: readonly Way[]): Graph {
  return {
    graphAttributes: { rankdir: 'TB', compound: true, nodesep: 0.22, ranksep: 0.3, splines: 'true' },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    ...partsOf(states),
    edges: ways.map(({ from, to }, index) => ({ tail: from, head: to, attributes: { id: String(index) } })),
  };
}

type Parts = Pick<Graph, 'nodes' | 'subgraphs'>;

function partsOf(states: readonly StateRun[]): Parts {
  const plain = states.filter(({ flows }) => flows.length === 0);
  return {
    nodes: plain.map(nodeOf),
    subgraphs: states
      .filter(({ flows }) => flows.length > 0)
      .map((owner) => {
        const { nodes = [], subgraphs = [] } = partsOf(owner.flows.flat());
        const leave = { name: exit(owner.name), attributes: { shape: 'point', width: 0.01, height: 0.01 } };
        return {
          name: `cluster_${owner.name}`,
          graphAttributes: { margin: 12 },
          nodes: [nodeOf(owner), ...nodes, leave],
          subgraphs,
        };
      }),
  };
}

function nodeOf({ name }: StateRun): { name: string; attributes: { width: number; height: number } } {
  const width = (name.length * CHARACTER + PADDING) / POINTS_PER_INCH;
  return { name, attributes: { width, height: STATE_HEIGHT / POINTS_PER_INCH } };
}

/** Where a Parallel or a Map is left: below all that is inside it. */
const exit = (name: string): string => `${name} (exit)`;

/** A way out of a Parallel or a Map begins at its exit. */
function fromExit(states: readonly StateRun[]): (way: Way) => Way {
  const owners = new Set(flat(states).flatMap(({ name, flows }) => (flows.length > 0 ? [name] : [])));
  return (way) => (owners.has(way.from) ? { ...way, from: exit(way.from) } : way);
}

/** From a Parallel or a Map to the first state of each flow inside it, and from the last ones to its exit. */
function waysWithin(states: readonly StateRun[], ways: readonly Way[]): Way[] {
  const leaving = new Set(ways.map(({ from }) => from));
  return flat(states).flatMap(({ name, flows }) =>
    flows.flatMap((flow) => [
      ...flow.slice(0, 1).map((first) => ({ from: name, to: first.name, ...asVisited(first) })),
      ...flow
        .filter((last) => !leaving.has(last.name))
        .map((last) => ({ from: last.name, to: exit(name), ...asVisited(last) })),
    ]),
  );
}

const asVisited = ({ visits }: StateRun): Pick<Way, 'taken' | 'catches'> => ({
  taken: visits > 0,
  catches: false,
});

const numbers = (text: string): number[] => text.split(/[, ]/u).map(Number);

function corners(box: string): Box {
  const [left = 0, low = 0, right = 0, high = 0] = numbers(box);
  return { x: left, y: Math.min(low, high), width: right - left, height: Math.abs(high - low) };
}

/** https://graphviz.org/docs/attr-types/splineType/ */
function curve(pos: string): Pick<PlacedWay, 'points' | 'tip'> {
  const parts = pos.split(' ');
  const point = (text: string): readonly [number, number] => {
    const [x = 0, y = 0] = numbers(text.replace(/^[es],/u, ''));
    return [x, y];
  };
  const tip = parts.find((part) => part.startsWith('e,'));
  return {
    points: parts.filter((part) => !/^[es],/u.test(part)).map(point),
    tip: tip === undefined ? undefined : point(tip),
  };
}
