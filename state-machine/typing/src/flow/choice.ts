import { variablesIn } from '../checks/variables';
import { edgesOf, field, type State } from '../definition/machine';
import { expressionOf } from '../document/expression';
import { itemsOf, memberOf, type Node } from '../document/node';
import type { Ast } from '../jsonata/ast';
import { assume, truthOf } from '../jsonata/narrow';
import { describe } from '../types/describe';
import { isNever, REPORTED, type Type } from '../types/type';
import type { Analysis } from './analysis';
import type { Environment } from './environment';
import { type Place, scopeFor, verdictOf } from './evaluate';
import { type Arrival, leave, placeIn, type Visit } from './visit';

/** Rules are asked in turn: each sees what the ones before it ruled out. */
export function visitChoice(state: State, environment: Environment, analysis: Analysis): Visit {
  const edges = edgesOf(state);
  const arrivals: Arrival[] = [];
  let rest: Environment | undefined = environment;
  const wrong: Wrong[] = [];
  for (const rule of itemsOf(field(state, 'Choices'))) {
    if (rest === undefined) break;
    const place = placeIn(state, rest, analysis);
    const { taken: matching, passed, facts, wrong: told } = decide(rule, rest, place, analysis, state);
    if (told !== undefined) wrong.push(told);
    const taken = matching === undefined ? undefined : withoutClaims(matching, wrong);
    const edge = edges.find((candidate) => candidate.rule === rule);
    if (edge !== undefined && taken !== undefined) {
      const inside = { ...placeIn(state, taken, analysis), facts };
      arrivals.push({ edge, environment: leave(rule, inside, taken, taken.input) });
    }
    rest = passed;
  }
  const fallback = edges.find(({ kind }) => kind === 'default');
  if (fallback !== undefined && rest !== undefined) {
    const left = withoutClaims(rest, wrong);
    const place = placeIn(state, left, analysis);
    arrivals.push({ edge: fallback, environment: leave(state.node, place, left, left.input) });
  }
  const ways = arrivals.map(({ edge, environment: next }) => ({ edge, type: next.input }));
  analysis.record({ state, ...environment, result: undefined, output: undefined, ways });
  return { arrivals, output: undefined };
}

interface Decision {
  /** What holds where the condition was true; `undefined` if it never is. */
  readonly taken: Environment | undefined;
  readonly passed: Environment | undefined;
  readonly facts: ReadonlySet<string>;
  /** A defect in the condition itself has been told. */
  readonly wrong?: Wrong;
}

/** A wrong condition; one that does not parse has no syntax tree. */
interface Wrong {
  readonly ast: Ast | undefined;
}

function decide(rule: Node, before: Environment, place: Place, analysis: Analysis, state: State): Decision {
  const condition = memberOf(rule, 'Condition');
  const expression = expressionOf(condition);
  const undecided = { taken: before, passed: before, facts: place.facts };
  if (condition === undefined) return undecided;
  if (expression === undefined) {
    const literal = condition.kind === 'scalar' ? JSON.stringify(condition.value) : 'no expression';
    const mend = 'write a JSONata expression between {% and %}';
    analysis.report({
      check: 'condition',
      offset: condition.offset,
      state: state.name,
      message: `the condition is ${literal}`,
      mend,
    });
    return undecided;
  }
  const { type, remarked } = verdictOf(expression, place);
  const { ast } = expression;
  if (ast === undefined || remarked) {
    return { ...undecided, wrong: { ast } };
  }
  const problem = problemOfVerdict(type, place.strict);
  if (problem !== undefined) {
    const offset = expression.at(ast.start);
    analysis.report({ ...problem, offset, state: state.name, expression: expression.text });
  }
  const truth = problem === undefined ? truthOf(type) : undefined;
  const scope = scopeFor(ast, place);
  const [yes, no] = [assume(ast, scope, true), assume(ast, scope, false)];
  return {
    taken: truth === false ? undefined : following(before, yes.variables),
    passed: truth === true ? undefined : following(before, no.variables),
    facts: yes.facts,
  };
}

/** What wrong conditions read may be narrowed by the right ones: nothing that depends on it is told. */
function withoutClaims(environment: Environment, conditions: readonly Wrong[]): Environment {
  if (conditions.length === 0) return environment;
  const read = conditions.flatMap(({ ast }) => (ast === undefined ? [] : variablesIn(ast)));
  const all = conditions.some(({ ast }) => ast === undefined);
  const claim = (name: string, type: Type): Type =>
    all || read.some((variable) => variable.name === name) ? REPORTED : type;
  const variables = [...environment.variables].map(([name, type]) => [name, claim(name, type)] as const);
  return { input: claim('states', environment.input), variables: new Map(variables) };
}

function problemOfVerdict(
  type: Type,
  strict: boolean,
): { check: string; message: string; mend: string } | undefined {
  if (type.unknown) {
    if (!strict || type.unknown === 'reported') return undefined;
    return {
      check: 'unknown',
      message: 'the type cannot be known',
      mend: 'compare it, so that it is true or false',
    };
  }
  if (isNever(type)) return undefined;
  const other = type.shapes.find(({ kind }) => kind !== 'boolean');
  if (other !== undefined || type.missing) {
    const mend = 'compare it, or wrap it in $boolean or $exists';
    return {
      check: 'condition',
      message: `the condition may be ${describe(type, 1)}, and only true or false is taken`,
      mend,
    };
  }
  const truth = truthOf(type);
  if (truth === undefined) return undefined;
  return {
    check: 'constant',
    message: `the condition is always ${truth}`,
    mend: 'correct the comparison, or remove the rule',
  };
}

/** The environment with what a condition says about the input and the variables. */
function following(before: Environment, variables: ReadonlyMap<string, Type>): Environment | undefined {
  const [states] = variables.get('states')?.shapes ?? [];
  const input = states?.kind === 'object' ? states.properties.get('input') : undefined;
  // nothing passes: this way is not taken
  if (input === undefined || isNever(input)) return undefined;
  const own = [...before.variables.keys()].map(
    (name) => [name, variables.get(name) ?? before.variables.get(name)] as const,
  );
  const narrowed = new Map(
    own.flatMap(([name, type]) => (type === undefined ? [] : [[name, type] as const])),
  );
  return [...narrowed.values()].some(isNever) ? undefined : { input, variables: narrowed };
}
