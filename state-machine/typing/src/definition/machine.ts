import { type Entry, entryOf, itemsOf, type MapNode, memberOf, type Node, textOf } from '../document/node';

export type QueryLanguage = 'JSONata' | 'JSONPath';

/** States that lead to each other: the machine itself, a branch of a Parallel, the processor of a Map. */
export interface Flow {
  readonly node: Node;
  readonly startAt: Entry | undefined;
  readonly states: readonly State[];
  /** The Parallel or Map that it belongs to. */
  readonly owner: State | undefined;
}

export interface State {
  readonly name: string;
  /** Where its name stands. */
  readonly offset: number;
  readonly node: MapNode;
  readonly type: string;
  readonly language: QueryLanguage;
  readonly flows: readonly Flow[];
}

/** A way out of a state. */
export interface Edge {
  readonly from: State;
  readonly to: string;
  /** The `Next` or `Default` that names the target. */
  readonly entry: Entry;
  readonly kind: 'next' | 'choice' | 'default' | 'catch';
  /** The choice rule or catcher. */
  readonly rule: Node | undefined;
}

export function readMachine(root: Node): Flow {
  return readFlow(
    root,
    textOf(memberOf(root, 'QueryLanguage')) === 'JSONata' ? 'JSONata' : 'JSONPath',
    undefined,
  );
}

function readFlow(node: Node, language: QueryLanguage, owner: State | undefined): Flow {
  const states = memberOf(node, 'States');
  return {
    node,
    startAt: entryOf(node, 'StartAt'),
    states: states?.kind === 'map' ? states.entries.flatMap((entry) => readState(entry, language)) : [],
    owner,
  };
}

function readState(entry: Entry, inherited: QueryLanguage): State[] {
  const node = entry.value;
  if (node.kind !== 'map') return [];
  const own = textOf(memberOf(node, 'QueryLanguage'));
  const language = own === 'JSONata' || own === 'JSONPath' ? own : inherited;
  const type = textOf(memberOf(node, 'Type')) ?? '';
  const state = { name: entry.key, offset: entry.offset, node, type, language };
  const processor = memberOf(node, 'ItemProcessor') ?? memberOf(node, 'Iterator');
  const bodies =
    type === 'Map' && processor !== undefined ? [processor] : itemsOf(memberOf(node, 'Branches'));
  const flows: Flow[] = [];
  const complete = { ...state, flows };
  // a nested flow speaks the language of the machine, whatever its owner speaks
  flows.push(...bodies.map((body) => readFlow(body, inherited, complete)));
  return [complete];
}

export const field = (state: State, name: string): Node | undefined => memberOf(state.node, name);
export const fieldEntry = (state: State, name: string): Entry | undefined => entryOf(state.node, name);

export function edgesOf(state: State): Edge[] {
  const named = (node: Node, key: string, kind: Edge['kind'], rule?: Node): Edge[] => {
    const entry = entryOf(node, key);
    const to = textOf(entry?.value);
    return entry === undefined || to === undefined ? [] : [{ from: state, to, entry, kind, rule }];
  };
  return [
    ...(state.type === 'Choice' ? [] : named(state.node, 'Next', 'next')),
    ...itemsOf(field(state, 'Choices')).flatMap((rule) => named(rule, 'Next', 'choice', rule)),
    ...(state.type === 'Choice' ? named(state.node, 'Default', 'default') : []),
    ...itemsOf(field(state, 'Catch')).flatMap((catcher) => named(catcher, 'Next', 'catch', catcher)),
  ];
}

/** The flow and every flow inside it. */
export function flowsOf(flow: Flow): Flow[] {
  return [flow, ...flow.states.flatMap((state) => state.flows.flatMap(flowsOf))];
}

export const statesOf = (flow: Flow): State[] => flowsOf(flow).flatMap(({ states }) => states);
