import { isSubtype } from '../types/compare';
import { constantOfShape, isNever, type Shape, type Type } from '../types/type';
import { join } from '../types/join';
import type { Ast } from './ast';
import { infer } from './infer';
import { keyOf, isPure } from './key';
import { refinementFor } from './predicate';
import { refine } from './refine';
import { type Scope, silently } from './scope';

/** Whether JSONata takes every value of the type for true, every one for false, or neither is sure. */
export function truthOf(type: Type): boolean | undefined {
  if (type.unknown || isNever(type)) return undefined;
  const verdicts = new Set(type.shapes.map(truthOfShape));
  if (type.missing) verdicts.add(false);
  const [only] = verdicts;
  return verdicts.size === 1 ? only : undefined;
}

function truthOfShape(shape: Shape): boolean | undefined {
  const value = constantOfShape(shape);
  if (value !== undefined) return Boolean(value);
  if (shape.kind === 'number') return shape.min > 0 || shape.max < 0 ? true : undefined;
  if (shape.kind === 'function') return false;
  if (shape.kind === 'array' && shape.max === 0) return false;
  if (shape.kind === 'object' && [...shape.properties.values()].some(({ missing }) => !missing)) return true;
  return undefined;
}

/** What the expression's variables and context are known to be where it was found to be true, or false. */
export function assume(ast: Ast, scope: Scope, truth: boolean): Scope {
  if (ast.filters.length > 0 || ast.group !== undefined) return withFact(ast, scope, truth);
  if (ast.type === 'block' && ast.expressions.length === 1) {
    const [inner] = ast.expressions;
    return inner === undefined ? scope : assume(inner, scope, truth);
  }
  if (ast.type === 'binary' && (ast.operator === 'and' || ast.operator === 'or')) {
    return assumeBoth(ast.left, ast.right, scope, truth, ast.operator === 'and');
  }
  const call = callOf(ast);
  if (call?.name === 'not' && call.args[0] !== undefined) {
    const negated = infer(call.args[0], silently(scope));
    // $not of nothing is nothing, which is as false as $not of true
    return truth || (!negated.missing && !negated.unknown) ? assume(call.args[0], scope, !truth) : scope;
  }
  if (call?.name === 'boolean' && call.args[0] !== undefined) return assume(call.args[0], scope, truth);
  return withFact(ast, narrowed(ast, scope, truth), truth);
}

function assumeBoth(left: Ast, right: Ast, scope: Scope, truth: boolean, conjunction: boolean): Scope {
  const first = assume(left, scope, conjunction);
  if (truth === conjunction) return assume(right, first, truth);
  // it failed on the left, or only on the right
  return either(assume(left, scope, truth), assume(right, first, truth), scope);
}

function either(one: Scope, other: Scope, scope: Scope): Scope {
  const variables = new Map(
    [...scope.variables].map(([name, type]) => [
      name,
      joined(one.variables.get(name) ?? type, other.variables.get(name) ?? type),
    ]),
  );
  return { ...scope, variables, context: joined(one.context, other.context) };
}

const joined = (one: Type, other: Type): Type =>
  one === other ? one : isSubtype(one, other) && isSubtype(other, one) ? one : join([one, other]);

function narrowed(ast: Ast, scope: Scope, truth: boolean): Scope {
  const refinement = refinementFor(ast, scope, truth);
  if (refinement === undefined) return scope;
  const { path, leaf } = refinement;
  const narrow = (type: Type): Type => scope.holds(refine(type, path.names, leaf));
  if (path.root === '') return { ...scope, context: narrow(scope.context) };
  const type = scope.variables.get(path.root);
  if (type === undefined || scope.volatile.has(path.root)) return scope;
  return { ...scope, variables: new Map([...scope.variables, [path.root, narrow(type)]]) };
}

/** `$exists(e)` or `$count(e) > 0` was true: the same `e` has a value, also where its type alone does not say so. */
function withFact(ast: Ast, scope: Scope, truth: boolean): Scope {
  const there = truth ? whatExists(ast) : undefined;
  if (there === undefined || !isAbsolute(there) || !isPure(there)) return scope;
  return { ...scope, facts: new Set([...scope.facts, keyOf(there)]) };
}

function whatExists(ast: Ast): Ast | undefined {
  const call = callOf(ast);
  if (call?.name === 'exists') return call.args[0];
  if (
    ast.type === 'binary' &&
    ast.operator === '>' &&
    ast.right.type === 'literal' &&
    ast.right.value === 0
  ) {
    const count = callOf(ast.left);
    return count?.name === 'count' ? count.args[0] : undefined;
  }
  return undefined;
}

function isAbsolute(ast: Ast): boolean {
  const root = ast.type === 'path' ? ast.steps[0] : ast;
  return root?.type === 'variable' && root.name !== '' && root.name !== '$';
}

/** A call of a function by its name. */
export function callOf(ast: Ast): { name: string; args: readonly Ast[] } | undefined {
  if (ast.type !== 'call' || ast.procedure.type !== 'variable' || ast.filters.length > 0) return undefined;
  return { name: ast.procedure.name, args: ast.args };
}
