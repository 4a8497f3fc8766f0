import { type Expression, expressionOf } from '../document/expression';
import { hasPlaceholder, isPlaceholder, type Node } from '../document/node';
import type { Report } from '../findings';
import type { Ast } from '../jsonata/ast';
import { culpritOf } from '../jsonata/culprit';
import { infer } from '../jsonata/infer';
import { type Scope, topScope } from '../jsonata/scope';
import { settle } from '../jsonata/sequence';
import { literal, of, present, REPORTED, STRING, tuple, type Type, UNKNOWN } from '../types/type';

/** Where the expressions of a field are evaluated. */
export interface Place {
  readonly state: string;
  /** Variables, with `states`. */
  readonly variables: ReadonlyMap<string, Type>;
  readonly facts: ReadonlySet<string>;
  readonly report: Report;
  /** Report where nothing is known. */
  readonly strict: boolean;
}

/** The type of a field's value: a template whose expressions are replaced by their results. */
export function evaluate(node: Node, place: Place): Type {
  const expression = expressionOf(node);
  if (expression !== undefined) return evaluateExpression(expression, place);
  switch (node.kind) {
    case 'intrinsic':
      // what CloudFormation fills in is text but for the functions that pick from lists and maps
      return /^(Ref|Fn::(GetAtt|Sub|Join|ImportValue))$/.test(node.name) ? STRING : UNKNOWN;
    case 'list':
      return tuple(node.items.map((item) => evaluate(item, place)));
    case 'map': {
      const properties = new Map(node.entries.map(({ key, value }) => [key, evaluate(value, place)]));
      return of({ kind: 'object', properties, rest: { shapes: [], missing: false, unknown: false } });
    }
    case 'scalar':
      if (typeof node.value !== 'string' || !hasPlaceholder(node.value)) return literal(node.value);
      return isPlaceholder(node.value) ? REPORTED : STRING;
  }
}

function evaluateExpression(expression: Expression, place: Place): Type {
  const { ast } = expression;
  if (ast === undefined) {
    report(
      expression,
      place,
      expression.error?.at ?? 0,
      'syntax',
      expression.error?.message ?? '',
      'correct the JSONata',
    );
    return REPORTED;
  }
  const { type, remarked, missed } = inferAt(ast, expression, place);
  if (remarked) return type.unknown ? REPORTED : present(type);
  if (type.unknown === 'unknowable' && place.strict) {
    const mend = 'give what it reads a schema, or write it with functions that are typed';
    report(expression, place, ast.start, 'unknown', 'the type cannot be known', mend);
  }
  if (type.missing && !type.unknown) {
    const culprit = culpritOf(ast, missed);
    const what = nameOf(culprit, expression.text);
    const mend = 'ask $exists first, or let a Choice before it rule that out';
    report(
      expression,
      place,
      culprit.start,
      'missing',
      `${what} may be missing, and then the expression has no value`,
      mend,
    );
  }
  return type.unknown ? type : settle(present(type));
}

/** The scope in which a condition is evaluated, for what it says about the variables. */
export function scopeFor(ast: Ast, place: Place): Scope {
  const nothing = (): void => undefined;
  return topScope(ast, place.variables, place.facts, nothing, nothing);
}

function inferAt(
  ast: Ast,
  expression: Expression,
  place: Place,
): { type: Type; remarked: boolean; missed: ReadonlySet<Ast> } {
  const missed = new Set<Ast>();
  let remarked = false;
  const scope = topScope(
    ast,
    place.variables,
    place.facts,
    ({ check, at, message, mend }) => {
      remarked = true;
      report(expression, place, at, check, message, mend);
    },
    (step) => missed.add(step),
  );
  return { type: infer(ast, scope), remarked, missed };
}

/** Without reporting: a condition's verdict may be missing, which is no boolean. */
export function verdictOf(expression: Expression, place: Place): { type: Type; remarked: boolean } {
  if (expression.ast === undefined) {
    evaluateExpression(expression, place);
    return { type: REPORTED, remarked: true };
  }
  return inferAt(expression.ast, expression, place);
}

function report(
  expression: Expression,
  place: Place,
  at: number,
  check: string,
  message: string,
  mend: string,
): void {
  const { text } = expression;
  place.report({ check, offset: expression.at(at), state: place.state, expression: text, message, mend });
}

function nameOf(ast: Ast, text: string): string {
  if (ast.type === 'name') return ast.name;
  const rest = text.slice(ast.start);
  return rest.length > 40 ? `${rest.slice(0, 40).trim()}…` : rest.trim();
}
