import type { Contracts } from '../contracts';
import type { Edge, Flow, State } from '../definition/machine';
import type { Report } from '../findings';
import type { Type } from '../types/type';
import { type Environment, isWithin, merge } from './environment';
import { visit } from './visit';

/** What a pass over the machine works with. */
export interface Analysis {
  readonly contracts: Contracts;
  readonly strict: boolean;
  /** Only the last pass reports: before it, types may still be too narrow. */
  readonly report: Report;
  /** A pass that does not report has no need to look for defects either. */
  readonly quiet: boolean;
  readonly record: (types: StateTypes) => void;
  /** Type of the item that a Map is at. */
  readonly mapItem: Type | undefined;
}

/** What is known about a state once loops have settled. */
export interface StateTypes {
  readonly state: State;
  readonly input: Type;
  readonly variables: ReadonlyMap<string, Type>;
  readonly result: Type | undefined;
  readonly output: Type | undefined;
  /** By way out: the input of the state that it leads to. */
  readonly ways: readonly { readonly edge: Edge; readonly type: Type }[];
}

/** After so many visits of a state what still grows is widened, so that loops end. */
const PATIENCE = 4;

const silent = (analysis: Analysis): Analysis => ({
  ...analysis,
  quiet: true,
  report: () => undefined,
  record: () => undefined,
});

/**
 * The type of what a flow gives, from the state in which it starts. Repeats until the types at every state hold, then
 * goes over each once more to report.
 */
export function analyseFlow(flow: Flow, start: Environment, analysis: Analysis): Type[] {
  const states = new Map(flow.states.map((state) => [state.name, state]));
  const entered = new Map<string, Environment>();
  const visits = new Map<string, number>();
  const startAt = flow.startAt?.value;
  const first = startAt?.kind === 'scalar' ? String(startAt.value) : '';
  const waiting = new Set<string>();
  const enter = (name: string, environment: Environment): void => {
    if (!states.has(name)) return;
    const before = entered.get(name);
    if (before !== undefined && isWithin(environment, before)) return;
    const count = (visits.get(name) ?? 0) + 1;
    visits.set(name, count);
    entered.set(name, before === undefined ? environment : merge(before, environment, count > PATIENCE));
    waiting.add(name);
  };
  enter(first, start);
  const outputs = new Map<string, Type | undefined>();
  const quiet = silent(analysis);
  // in the order of the file, in which most ways lead: a state is visited when what leads to it has settled
  const next = (): string | undefined => flow.states.find(({ name }) => waiting.has(name))?.name;
  for (let name = next(); name !== undefined; name = next()) {
    waiting.delete(name);
    const [state, environment] = [states.get(name), entered.get(name)];
    if (state === undefined || environment === undefined) continue;
    const { arrivals, output } = visit(state, environment, quiet);
    outputs.set(name, output);
    for (const { edge, environment: after } of arrivals) enter(edge.to, after);
  }
  if (analysis.quiet) return [...outputs.values()].filter((output) => output !== undefined);
  return flow.states.flatMap((state) => {
    const environment = entered.get(state.name);
    if (environment === undefined) return [];
    const { output } = visit(state, environment, analysis);
    return output === undefined ? [] : [output];
  });
}
