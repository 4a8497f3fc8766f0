import { join } from '../types/join';
import { isNever, literal, MISSING, NEVER, of, present, REPORTED, type Type, UNKNOWN } from '../types/type';
import type { Ast, Pair } from './ast';
import { inferApply, inferCall } from './call';
import { isFunctionName } from './functions/table';
import { applyFilters } from './filter';
import { mayBeEmptyArray } from './filling';
import { keyOf } from './key';
import { assume, truthOf } from './narrow';
import { inferBinary, inferNegation } from './operator';
import { inferPath, remarkContext } from './path';
import { type Scope, silently, within, withVariables } from './scope';
import { keep, spread, unwrap } from './sequence';

/**
 * The type of what the reference library's `evaluate` gives for a node, from the types of what it can see. Never
 * narrower than the values: what is not understood is unknown.
 */
export function infer(ast: Ast, scope: Scope): Type {
  let type = inferBody(ast, scope);
  if (ast.type !== 'path') {
    const left = ast.filters.length > 0 ? applyFilters(type, ast.filters, scope) : undefined;
    if (left !== undefined) type = unwrap(left);
    if (ast.group !== undefined) type = inferObject(ast.group, type, scope);
    // a group is an object, which `[]` leaves as it is
    else if (ast.keepsArray) type = left === undefined ? kept(ast, type) : keep(left);
  }
  type = scope.holds(type);
  return scope.facts.size > 0 && scope.facts.has(keyOf(ast)) ? present(type) : type;
}

function inferBody(ast: Ast, scope: Scope): Type {
  switch (ast.type) {
    case 'literal':
      return literal(ast.value);
    case 'variable':
      return inferVariable(ast.name, ast, scope);
    case 'name':
    case 'path':
    case 'sort':
      return inferPath(ast, scope);
    case 'binary':
      return inferBinary(ast, scope);
    case 'negation':
      return inferNegation(ast.operand, scope);
    case 'array':
      return inferArray(ast, scope);
    case 'object':
      return inferObject(ast.pairs, scope.context, scope);
    case 'condition':
      return inferCondition(ast, scope);
    case 'block':
      return inferBlock(ast.expressions, scope);
    case 'bind':
      return infer(ast.value, scope);
    case 'call':
      return inferCall(ast, scope);
    case 'apply':
      return inferApply(ast.left, ast.right, scope);
    case 'lambda':
      return inferLambda(ast.parameters, ast.body, scope);
    case 'regex':
      return of({ kind: 'function', arity: 1, call: () => UNKNOWN });
    case 'opaque':
      scope.fills?.();
      return UNKNOWN;
  }
}

/** `[]` keeps a sequence of one item an array; a single value that came about otherwise stays single. */
function kept(ast: Ast, type: Type): Type {
  return ast.type === 'variable' ? type : join([type, keep(spread(type))]);
}

function inferVariable(name: string, ast: Ast, scope: Scope): Type {
  if (name === '' || name === '$') {
    if (scope.top) remarkContext(ast, scope);
    return scope.top ? REPORTED : name === '' ? scope.context : UNKNOWN;
  }
  if (scope.volatile.has(name)) return UNKNOWN;
  const type = scope.variables.get(name);
  if (type !== undefined) {
    if (!type.missing || type.unknown || scope.locals.has(name)) return type;
    if (scope.guarded) return type;
    scope.remark({
      check: 'variable',
      at: ast.start,
      message: `$${name} is not assigned on every way here`,
      mend: 'assign it on the other ways too, or ask $exists first',
    });
    return present(type);
  }
  if (scope.bound.has(name) || isFunctionName(name)) return UNKNOWN;
  scope.remark({
    check: 'variable',
    at: ast.start,
    message: `no state before this one assigns $${name}`,
    mend: 'assign it on every way here, or correct the name',
  });
  return REPORTED;
}

/** `[a, b]`: arrays among the items are opened, but for those written as `[...]`. */
function inferArray({ items, cons }: Ast & { type: 'array' }, scope: Scope): Type {
  const constructed = cons ? { constructed: true as const } : {};
  const types = items.map((item) => infer(item, scope));
  const places = items.map((item, place) => {
    const type = types[place] ?? UNKNOWN;
    if (item.type !== 'array') return spread(type);
    return { item: present(type), min: type.missing ? 0 : 1, max: 1 };
  });
  if (places.every(({ min, max }) => min === 1 && max === 1)) {
    const prefix = places.map(({ item }) => item);
    return of({ kind: 'array', prefix, rest: NEVER, min: prefix.length, max: prefix.length, ...constructed });
  }
  return of({
    kind: 'array',
    prefix: [],
    rest: join(places.map(({ item }) => item)),
    min: places.reduce((total, { min }) => total + min, 0),
    max: places.reduce((total, { max }) => total + max, 0),
    ...constructed,
  });
}

/** `{ key: value }`: over an array of several items a key's value is computed once, from all of them. */
export function inferObject(pairs: readonly Pair[], context: Type, scope: Scope): Type {
  if (mayBeEmptyArray(context)) scope.fills?.();
  const several = context.unknown || context.shapes.some(({ kind }) => kind === 'array');
  const inner = within(scope, several ? UNKNOWN : context);
  const properties = new Map<string, Type>();
  const others: Type[] = [];
  for (const [key, value] of pairs) {
    const keyType = infer(key, inner);
    const [shape] = keyType.shapes;
    const type = infer(value, inner);
    if (isNever(type)) return NEVER;
    if (
      !keyType.missing &&
      keyType.shapes.length === 1 &&
      shape?.kind === 'string' &&
      shape.value !== undefined
    ) {
      properties.set(shape.value, type);
    } else {
      others.push(type);
    }
  }
  const rest = join(others.map((type) => (type.unknown ? type : present(type))));
  return of({ kind: 'object', properties, rest });
}

function inferCondition(ast: Ast & { type: 'condition' }, scope: Scope): Type {
  if (ast.shortAt !== undefined) {
    // https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: 2.0.6, the operators came with 2.1
    scope.remark({
      check: 'syntax',
      at: ast.shortAt,
      message: 'Step Functions speaks JSONata 2.0.6, which has neither ?: nor ??',
      mend: 'write the condition in full: $exists(a) ? a : b',
    });
  }
  const truth = truthOf(infer(ast.condition, scope));
  const branches: Type[] = [];
  if (truth !== false) branches.push(infer(ast.then, assume(ast.condition, scope, true)));
  if (truth !== true) {
    branches.push(
      ast.otherwise === undefined ? MISSING : infer(ast.otherwise, assume(ast.condition, scope, false)),
    );
  }
  return join(branches);
}

function inferBlock(expressions: readonly Ast[], scope: Scope): Type {
  let inner = scope;
  let type = MISSING;
  for (const expression of expressions) {
    type = infer(expression, inner);
    if (expression.type === 'bind') inner = withVariables(inner, [[expression.name, type]]);
  }
  return type;
}

function inferLambda(parameters: readonly string[], body: Ast, scope: Scope): Type {
  const called = (args: readonly Type[]): Scope =>
    withVariables(
      scope,
      parameters.map((name, place) => [name, args[place] ?? MISSING]),
    );
  // not every call is followed, so it counts here what a call may do to an empty array
  if (scope.fills !== undefined) infer(body, called(parameters.map(() => UNKNOWN)));
  const [first] = parameters;
  return of({
    kind: 'function',
    arity: parameters.length,
    call: (args, quiet = false) => infer(body, quiet ? silently(called(args)) : called(args)),
    keeps: (args) => {
      const kept = first === undefined ? undefined : assume(body, called(args), true).variables.get(first);
      return kept ?? args[0] ?? UNKNOWN;
    },
  });
}
