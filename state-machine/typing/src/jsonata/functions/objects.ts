import { propertyOf } from '../../types/compare';
import { join } from '../../types/join';
import {
  constantOf,
  isNever,
  literal,
  NEVER,
  object,
  of,
  optional,
  type ObjectShape,
  present,
  STRING,
  type Type,
  UNKNOWN,
} from '../../types/type';
import { propertyOfType } from '../path';
import { spread, unwrap } from '../sequence';
import { builtIn, given } from './signature';

export const OBJECTS = {
  keys: builtIn('x-', ([value]) => {
    if (value === undefined || value.unknown) return UNKNOWN;
    return unwrap({ item: STRING, min: keyCount(value), max: Infinity });
  }),
  lookup: builtIn('x- s', ([value, name]) => {
    const constant = name === undefined ? undefined : constantOf(name);
    return value === undefined || typeof constant !== 'string' ? UNKNOWN : propertyOfType(value, constant);
  }),
  spread: builtIn('x-', () => UNKNOWN),
  merge: builtIn('a<o>', ([list]) => given(list, merged(list))),
  exists: builtIn('x', ([value]) => {
    if (value === undefined || value.unknown) return { ...literal(true), shapes: [{ kind: 'boolean' }] };
    if (value.shapes.length === 0) return literal(false);
    return value.missing ? of({ kind: 'boolean' }) : literal(true);
  }),
  type: builtIn('x', ([value]) => {
    if (value === undefined) return UNKNOWN;
    return given(value, join(value.shapes.map(({ kind }) => literal(kind))));
  }),
  clone: builtIn('x-', ([value]) => value ?? UNKNOWN),
  error: builtIn('s?', () => NEVER),
  assert: builtIn('b s?', () => ({ shapes: [], missing: true, unknown: false })),
};

/** How many keys every value has at least. */
function keyCount(type: Type): number {
  if (type.missing) return 0;
  const counts = type.shapes.map((shape) =>
    shape.kind === 'object' ? [...shape.properties.values()].filter(({ missing }) => !missing).length : 0,
  );
  return Math.min(...counts);
}

/** Later objects win. In their order if each is known by its place, otherwise any of their properties may be there. */
function merged(list: Type | undefined): Type {
  if (list === undefined || list.unknown) return UNKNOWN;
  const [shape, ...others] = list.shapes;
  if (others.length === 0 && shape?.kind === 'object') return of(shape);
  const { item } = spread(list);
  const exact =
    others.length === 0 &&
    shape?.kind === 'array' &&
    shape.min === shape.prefix.length &&
    shape.max === shape.min;
  const parts = exact ? shape.prefix : [item, item];
  const objects = parts.map(objectOf);
  if (objects.some((part) => part === undefined)) return UNKNOWN;
  const known = objects.filter((part) => part !== undefined);
  const merge = known.reduce(overlay, { kind: 'object', properties: new Map(), rest: NEVER });
  return exact ? of(merge) : loosened(merge);
}

/** One shape for all objects of a type. */
function objectOf(type: Type): ObjectShape | undefined {
  if (type.unknown || type.missing) return undefined;
  const shapes = type.shapes.flatMap((shape) => (shape.kind === 'object' ? [shape] : []));
  if (shapes.length !== type.shapes.length) return undefined;
  const names = new Set(shapes.flatMap(({ properties }) => [...properties.keys()]));
  return {
    kind: 'object',
    properties: new Map(
      [...names].map((name) => [name, join(shapes.map((shape) => propertyOf(shape, name)))]),
    ),
    rest: join(shapes.map(({ rest }) => rest)),
  };
}

function overlay(under: ObjectShape, over: ObjectShape): ObjectShape {
  const names = new Set([...under.properties.keys(), ...over.properties.keys()]);
  const properties = new Map<string, Type>();
  for (const name of names) {
    const type = propertyOf(over, name);
    properties.set(name, type.missing ? join([present(type), propertyOf(under, name)]) : type);
  }
  return { kind: 'object', properties, rest: join([under.rest, over.rest]) };
}

/** Which objects there are is not known, so neither is which properties. */
function loosened(shape: ObjectShape): Type {
  const properties = Object.fromEntries([...shape.properties].map(([name, type]) => [name, optional(type)]));
  return object(properties, isNever(shape.rest) ? NEVER : shape.rest);
}
