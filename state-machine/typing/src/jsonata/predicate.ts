import { areDisjoint } from '../types/compare';
import {
  BOOLEAN,
  constantOf,
  constantOfShape,
  literal,
  MISSING,
  NULL,
  NUMBER,
  object,
  type Shape,
  STRING,
  type Type,
  UNKNOWN,
} from '../types/type';
import type { Ast } from './ast';
import { infer } from './infer';
import { callOf } from './narrow';
import { bounded, countBounded } from './bounds';
import { onlyShapes, pathOf, type ValuePath } from './refine';
import { type Scope, silently } from './scope';

/** What a condition says about the value at a path. */
export interface Refinement {
  readonly path: ValuePath;
  readonly leaf: (type: Type) => Type;
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

export function refinementFor(ast: Ast, scope: Scope, truth: boolean): Refinement | undefined {
  const call = callOf(ast);
  if (call?.name === 'exists') return at(call.args[0], (type) => existing(type, truth));
  if (ast.type !== 'binary') return at(ast, (type) => truthy(type, truth));
  const quiet = silently(scope);
  const [left, right] = [infer(ast.left, quiet), infer(ast.right, quiet)];
  if (ast.operator === 'in') return at(ast.left, (type) => among(type, right, truth));
  const constant = constantOf(right);
  if (constant !== undefined) return comparison(ast.left, ast.operator, constant, truth);
  const mirrored = constantOf(left);
  if (mirrored === undefined) return undefined;
  return comparison(ast.right, MIRRORED[ast.operator] ?? ast.operator, mirrored, truth);
}

function at(ast: Ast | undefined, leaf: (type: Type) => Type): Refinement | undefined {
  const path = ast === undefined ? undefined : pathOf(ast);
  return path === undefined ? undefined : { path, leaf };
}

type Constant = string | number | boolean | null;

function comparison(ast: Ast, operator: string, constant: Constant, truth: boolean): Refinement | undefined {
  // `a & 1` compares nothing: it is true for an `a` of every kind
  const equality = operator === '=' || operator === '!=';
  if (!equality && MIRRORED[operator] === undefined) return undefined;
  const call = callOf(ast);
  if (call?.name === 'type' && equality)
    return at(call.args[0], (type) => ofKind(type, constant, (operator === '=') === truth, truth));
  if (call?.name === 'count' && typeof constant === 'number') {
    return at(call.args[0], (type) => countBounded(type, operator, constant, truth));
  }
  if (operator === '=')
    return at(ast, (type) => (truth ? equalTo(type, constant) : unequalTo(type, constant, true)));
  // `!=` is false where a side is missing
  if (operator === '!=') {
    return at(ast, (type) =>
      truth ? unequalTo(type, constant, false) : orMissing(type, equalTo(type, constant)),
    );
  }
  return typeof constant === 'number'
    ? at(ast, (type) => bounded(type, operator, constant, truth))
    : undefined;
}

const orMissing = (before: Type, type: Type): Type =>
  before.missing && !type.unknown ? { ...type, missing: true } : type;

function existing(type: Type, truth: boolean): Type {
  if (type.unknown) return truth ? type : MISSING;
  return truth ? { ...type, missing: false } : { ...type, shapes: [] };
}

function truthy(type: Type, truth: boolean): Type {
  return onlyShapes(
    type,
    (shape) => {
      if (shape.kind === 'boolean' && shape.value === undefined) return { ...shape, value: truth };
      const value = constantOfShape(shape);
      return value === undefined || Boolean(value) === truth ? shape : undefined;
    },
    !truth,
  );
}

function equalTo(type: Type, constant: Constant): Type {
  const [wanted] = literal(constant).shapes;
  if (wanted === undefined || type.unknown === 'reported') return type;
  if (type.unknown) return literal(constant);
  return onlyShapes(type, (shape) => (areDisjoint(shape, wanted) ? undefined : wanted), false);
}

function unequalTo(type: Type, constant: Constant, missing: boolean): Type {
  return onlyShapes(type, (shape) => without(shape, constant), missing);
}

function without(shape: Shape, constant: Constant): Shape | undefined {
  if (shape.kind === 'boolean' && shape.value === undefined && typeof constant === 'boolean') {
    return { ...shape, value: !constant };
  }
  return constantOfShape(shape) === constant ? undefined : shape;
}

function among(type: Type, list: Type, truth: boolean): Type {
  const items = list.shapes.flatMap((shape) => {
    if (shape.kind !== 'array') return [constantOfShape(shape)];
    const places = shape.min === shape.max && shape.max === shape.prefix.length ? shape.prefix : [UNKNOWN];
    return places.map(constantOf);
  });
  const values = items.filter((value) => value !== undefined);
  if (list.unknown || list.missing || items.length === 0 || values.length !== items.length) {
    return truth && !type.unknown ? { ...type, missing: false } : type;
  }
  if (!truth) return values.reduce((rest, value) => unequalTo(rest, value, true), type);
  const wanted = values.flatMap((value) => literal(value).shapes);
  if (type.unknown) return type;
  return {
    ...type,
    shapes: type.shapes.flatMap((shape) => wanted.filter((value) => !areDisjoint(shape, value))),
    missing: false,
  };
}

const OF_KIND: Readonly<Record<string, Type>> = {
  null: NULL,
  boolean: BOOLEAN,
  number: NUMBER,
  string: STRING,
  object: object({}, UNKNOWN),
};

/** `$type(x) = kind`; of nothing there is no kind, so nothing is left where the comparison was true. */
function ofKind(type: Type, kind: Constant, same: boolean, truth: boolean): Type {
  if (type.unknown === 'unknowable' && same && typeof kind === 'string') return OF_KIND[kind] ?? type;
  return onlyShapes(type, (shape) => ((shape.kind === kind) === same ? shape : undefined), !truth);
}
