import { field, type State } from '../definition/machine';
import { expressionOf } from '../document/expression';
import { textOf } from '../document/node';
import { join } from '../types/join';
import { problemOf } from '../types/conform';
import { describe } from '../types/describe';
import { arrayOf, of, STRING, tuple, type Type, UNKNOWN } from '../types/type';
import { spread } from '../jsonata/sequence';
import { type Analysis, analyseFlow } from './analysis';
import { demand } from './conformance';
import type { Environment } from './environment';
import { evaluate } from './evaluate';
import { checkSize } from '../checks/size';
import { callOfTask } from './task';
import { placeIn } from './visit';

const WHOLE = of({ kind: 'number', integer: true, min: 0, max: Infinity });
const POSITIVE = of({ kind: 'number', integer: true, min: 1, max: Infinity });
const PERCENTAGE = of({ kind: 'number', integer: false, min: 0, max: 100 });

/** Fields that may be expressions, with what they have to give. */
const FIELDS: Readonly<Record<string, Type>> = {
  Seconds: WHOLE,
  Timestamp: STRING,
  TimeoutSeconds: POSITIVE,
  HeartbeatSeconds: POSITIVE,
  MaxConcurrency: WHOLE,
  ToleratedFailureCount: WHOLE,
  ToleratedFailurePercentage: PERCENTAGE,
  Error: STRING,
  Cause: STRING,
};

/** Checks what a state is given to work with; the type of `$states.result` of those that have one. */
export function resultOf(state: State, environment: Environment, analysis: Analysis): Type | undefined {
  if (state.language === 'JSONata' && !analysis.quiet) checkFields(state, environment, analysis);
  switch (state.type) {
    case 'Task':
      return state.language === 'JSONata' ? taskResult(state, environment, analysis) : UNKNOWN;
    case 'Parallel': {
      const input = argumentsOf(state, environment, analysis);
      const outputs = state.flows.map((flow) => join(analyseFlow(flow, { ...environment, input }, analysis)));
      if (outputs.some((output) => !output.unknown && output.shapes.length === 0)) return join([]);
      checkSize(state, tuple(outputs), analysis.report);
      return tuple(outputs);
    }
    case 'Map':
      return mapResult(state, environment, analysis);
    default:
      return undefined;
  }
}

function checkFields(state: State, environment: Environment, analysis: Analysis): void {
  const place = placeIn(state, environment, analysis);
  for (const [name, expected] of Object.entries(FIELDS)) {
    const node = field(state, name);
    if (node === undefined) continue;
    demand(node, evaluate(node, place), expected, { state: state.name, what: name, report: analysis.report });
  }
}

function argumentsOf(state: State, environment: Environment, analysis: Analysis): Type {
  const node = field(state, 'Arguments');
  return node === undefined ? environment.input : evaluate(node, placeIn(state, environment, analysis));
}

function taskResult(state: State, environment: Environment, analysis: Analysis): Type {
  const call = callOfTask(state, analysis.contracts);
  if (analysis.quiet) return call.result;
  const node = field(state, 'Arguments');
  const given = argumentsOf(state, environment, analysis);
  const { report } = analysis;
  if (node !== undefined) {
    demand(node, given, call.arguments, { state: state.name, what: 'Arguments', report });
  } else {
    const problem = problemOf(given, call.arguments);
    const offset = state.offset;
    if (problem !== undefined) {
      const message = `the input stands for Arguments, and${problem.path} ${problem.message}`;
      report({
        check: 'argument',
        offset,
        state: state.name,
        message,
        mend: `give Arguments: ${describe(call.arguments, 1)}`,
      });
    }
  }
  checkSize(state, call.result, report);
  return call.result;
}

function mapResult(state: State, environment: Environment, analysis: Analysis): Type {
  const items = itemsOf(state, environment, analysis);
  const { item, min, max } = spread(items);
  const inner = { ...analysis, mapItem: item };
  const selector = field(state, 'ItemSelector');
  const selected = selector === undefined ? item : evaluate(selector, placeIn(state, environment, inner));
  // a batch holds items under a name, and what a distributed run reads or writes elsewhere has no schema here
  const input = field(state, 'ItemBatcher') === undefined ? selected : UNKNOWN;
  const [flow] = state.flows;
  if (flow === undefined) return UNKNOWN;
  const output = join(analyseFlow(flow, { ...environment, input: max === 0 ? UNKNOWN : input }, inner));
  if (field(state, 'ResultWriter') !== undefined || isTolerant(state)) return UNKNOWN;
  const result = items.unknown ? arrayOf(output) : arrayOf(output, min, max);
  checkSize(state, result, analysis.report);
  return result;
}

const isTolerant = (state: State): boolean =>
  field(state, 'ToleratedFailureCount') !== undefined ||
  field(state, 'ToleratedFailurePercentage') !== undefined;

function itemsOf(state: State, environment: Environment, analysis: Analysis): Type {
  if (state.language === 'JSONPath' || field(state, 'ItemReader') !== undefined) return UNKNOWN;
  const node = field(state, 'Items');
  const type = node === undefined ? environment.input : evaluate(node, placeIn(state, environment, analysis));
  if (node === undefined && textOf(field(state, 'ItemsPath')) !== undefined) return UNKNOWN;
  const wrong = type.shapes.find(({ kind }) => kind !== 'array' && kind !== 'object');
  const single =
    type.shapes.some(({ kind }) => kind === 'array') && type.shapes.some(({ kind }) => kind === 'object');
  if (wrong === undefined && !single)
    return type.shapes.some(({ kind }) => kind === 'object') ? UNKNOWN : type;
  const expression = expressionOf(node);
  analysis.report({
    check: 'items',
    offset: expression?.at(expression.ast?.start ?? 0) ?? node?.offset ?? state.offset,
    state: state.name,
    expression: expression?.text,
    message: `Items may be ${describe(of(...type.shapes.filter(({ kind }) => kind !== 'array')), 1)}, which is no array (JSONata gives a single match as itself)`,
    mend: 'write it as [ ... ]',
  });
  return UNKNOWN;
}
