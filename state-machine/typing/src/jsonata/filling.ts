import { type Shape, type Type, UNKNOWN } from '../types/type';
import type { Ast } from './ast';
import { infer } from './infer';
import { keyOf } from './key';
import { type Scope, silently } from './scope';

/**
 * The library puts `undefined` into an empty array that it groups or makes an object of (`$v{...}`, `.{...}`), and who
 * reads the same array again, by whatever name, finds it there. In an expression that may do so, what may be an empty
 * array is unknown.
 */
export function followFilling(ast: Ast, scope: Scope): Scope {
  if (!mayFill(ast, scope)) return scope;
  const variables = new Map([...scope.variables].map(([name, type]) => [name, filled(type)]));
  return { ...scope, variables, holds: filled };
}

/** Whether a value of the type may be an empty array. */
export const mayBeEmptyArray = (type: Type): boolean =>
  type.unknown !== false || type.shapes.some((shape) => shape.kind === 'array' && shape.min === 0);

function mayFill(ast: Ast, scope: Scope): boolean {
  if (!/"group":|"type":"(object|opaque)"/.test(keyOf(ast))) return false;
  let fills = false;
  infer(ast, {
    ...silently(scope),
    fills: () => {
      fills = true;
    },
  });
  return fills;
}

const known = new WeakMap<Type, Type>();

function filled(type: Type): Type {
  if (mayBeEmptyArray(type)) return type.unknown ? type : UNKNOWN;
  const before = known.get(type);
  if (before !== undefined) return before;
  const shapes = type.shapes.map(filledShape);
  const after = shapes.every((shape, place) => shape === type.shapes[place]) ? type : { ...type, shapes };
  known.set(type, after);
  return after;
}

function filledShape(shape: Shape): Shape {
  if (shape.kind === 'array') {
    const [prefix, rest] = [shape.prefix.map(filled), filled(shape.rest)];
    const same = rest === shape.rest && prefix.every((item, place) => item === shape.prefix[place]);
    return same ? shape : { ...shape, prefix, rest };
  }
  if (shape.kind !== 'object') return shape;
  const properties = new Map([...shape.properties].map(([name, type]) => [name, filled(type)]));
  const rest = filled(shape.rest);
  const same =
    rest === shape.rest && [...properties].every(([name, type]) => type === shape.properties.get(name));
  return same ? shape : { ...shape, properties, rest };
}
