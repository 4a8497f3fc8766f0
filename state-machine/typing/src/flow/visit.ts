import { edgesOf, type Edge, field, type State } from '../definition/machine';
import { memberOf, type Node } from '../document/node';
import { isNever, type Type, UNKNOWN } from '../types/type';
import type { Analysis } from './analysis';
import { visitChoice } from './choice';
import { contextObject, statesVariable } from './context';
import { type Environment, ERROR_OUTPUT } from './environment';
import { evaluate, type Place } from './evaluate';
import { resultOf } from './result';

export interface Arrival {
  readonly edge: Edge;
  readonly environment: Environment;
}
export interface Visit {
  readonly arrivals: readonly Arrival[];
  /** What the flow gives if it ends here. */
  readonly output: Type | undefined;
}

/** A field of the state and what its expressions see beside the input. */
export function placeIn(
  state: State,
  environment: Environment,
  analysis: Analysis,
  parts: { result?: Type; errorOutput?: Type } = {},
): Place {
  const { contracts, mapItem, report, strict } = analysis;
  const resource = field(state, 'Resource');
  const token = resource?.kind === 'scalar' && String(resource.value).endsWith('.waitForTaskToken');
  const context = contextObject(contracts.input, { ...(mapItem === undefined ? {} : { mapItem }), token });
  const states = statesVariable({ input: environment.input, context, ...parts });
  return {
    state: state.name,
    variables: new Map([...environment.variables, ['states', states]]),
    facts: new Set(),
    report,
    strict,
  };
}

/** What a state does to the types: where it leads, and with which input and variables. */
export function visit(state: State, environment: Environment, analysis: Analysis): Visit {
  if (state.language === 'JSONPath') return visitUntyped(state, environment, analysis);
  if (state.type === 'Choice') return visitChoice(state, environment, analysis);
  const result = resultOf(state, environment, analysis);
  const place = placeIn(state, environment, analysis, result === undefined ? {} : { result });
  const ends = memberOf(state.node, 'End') !== undefined || state.type === 'Succeed';
  const never = (result !== undefined && isNever(result)) || state.type === 'Fail';
  const after = never ? undefined : leave(state.node, place, environment, result ?? environment.input);
  const arrivals = edgesOf(state).flatMap((edge): Arrival[] => {
    if (edge.kind === 'catch') return [{ edge, environment: caught(edge, state, environment, analysis) }];
    return after === undefined ? [] : [{ edge, environment: after }];
  });
  analysis.record({
    state,
    ...environment,
    result,
    output: after?.input,
    ways: arrivals.map(({ edge, environment: next }) => ({ edge, type: next.input })),
  });
  return { arrivals, output: ends ? after?.input : undefined };
}

/** `Output` and `Assign` of a state, a choice rule or a catcher: both see the variables as they were. */
export function leave(node: Node, place: Place, environment: Environment, otherwise: Type): Environment {
  const output = memberOf(node, 'Output');
  const assign = memberOf(node, 'Assign');
  const input = output === undefined ? otherwise : evaluate(output, place);
  const assigned = assign?.kind === 'map' ? assign.entries : [];
  const variables = new Map(environment.variables);
  for (const { key, value } of assigned) variables.set(key, evaluate(value, place));
  return { input, variables };
}

function caught(edge: Edge, state: State, environment: Environment, analysis: Analysis): Environment {
  const place = placeIn(state, environment, analysis, { errorOutput: ERROR_OUTPUT });
  return edge.rule === undefined ? environment : leave(edge.rule, place, environment, ERROR_OUTPUT);
}

/** JSONPath is not typed: whatever comes out of such a state is unknown. */
function visitUntyped(state: State, environment: Environment, analysis: Analysis): Visit {
  const variables = new Map(environment.variables);
  for (const node of [state.node, ...edgesOf(state).flatMap(({ rule }) => rule ?? [])]) {
    const assign = memberOf(node, 'Assign');
    if (assign?.kind !== 'map') continue;
    for (const { key } of assign.entries) variables.set(key.replace(/\.\$$/, ''), UNKNOWN);
  }
  const after = { input: UNKNOWN, variables };
  const arrivals = edgesOf(state).map((edge) => ({ edge, environment: after }));
  resultOf(state, { input: UNKNOWN, variables }, analysis);
  const ways = arrivals.map(({ edge }) => ({ edge, type: UNKNOWN }));
  analysis.record({ state, ...environment, result: undefined, output: UNKNOWN, ways });
  return { arrivals, output: memberOf(state.node, 'End') === undefined ? undefined : UNKNOWN };
}
