import { isCovered, isSubtype, propertyOf } from './compare';
import { type ArrayShape, itemOf, NEVER, type ObjectShape, type Shape, type Type, UNKNOWN } from './type';

/** Beyond so many shapes a union is blurred to one shape of each kind. */
const MAX_SHAPES = 24;
/** Beyond so many constants a text may be any. */
const MAX_TEXTS = 12;

/** The type of a value that has one of these types. */
export function join(types: readonly Type[]): Type {
  const [first = NEVER, ...others] = types;
  if (others.length === 0) return first;
  if (types.some(({ unknown }) => unknown)) {
    const unknown = types.some((type) => type.unknown === 'reported') ? 'reported' : 'unknowable';
    return { ...UNKNOWN, unknown };
  }
  const shapes: Shape[] = [];
  for (const shape of types.flatMap((type) => type.shapes)) {
    if (shapes.some((kept) => isCovered(shape, kept))) continue;
    for (let place = shapes.length - 1; place >= 0; place -= 1) {
      const kept = shapes[place];
      if (kept !== undefined && isCovered(kept, shape)) shapes.splice(place, 1);
    }
    shapes.push(shape);
  }
  const whole = wholeBoolean(shapes);
  return {
    shapes: whole.length > MAX_SHAPES ? blur(whole) : whole,
    missing: types.some(({ missing }) => missing),
    unknown: false,
  };
}

function wholeBoolean(shapes: Shape[]): Shape[] {
  const values = shapes.filter((shape) => shape.kind === 'boolean');
  if (values.length < 2) return shapes;
  return [...shapes.filter((shape) => shape.kind !== 'boolean'), { kind: 'boolean' }];
}

/**
 * The next guess for a value that a loop changes: as `join`, but bounds and unions that still grow are given up, so that
 * repeating it ends.
 */
export function widen(before: Type, after: Type): Type {
  if (isSubtype(after, before)) return before;
  const joined = join([before, after]);
  if (joined.unknown) return joined;
  return { ...joined, shapes: blur(joined.shapes) };
}

/** One shape for each kind, the smallest that covers them all but for bounds, which are opened; a few texts stay apart. */
function blur(shapes: readonly Shape[]): Shape[] {
  const texts = shapes.filter(({ kind }) => kind === 'string');
  const apart = texts.length <= MAX_TEXTS ? texts : [];
  const blurred: Shape[] = [];
  for (const shape of shapes) {
    if (apart.includes(shape)) continue;
    const place = blurred.findIndex(({ kind }) => kind === shape.kind);
    const other = blurred[place];
    if (other === undefined) blurred.push(shape);
    else blurred[place] = merge(other, shape);
  }
  return [...blurred, ...apart];
}

function merge(one: Shape, other: Shape): Shape {
  if (one.kind === 'number' && other.kind === 'number') {
    return {
      kind: 'number',
      integer: one.integer && other.integer,
      min: other.min < one.min ? -Infinity : one.min,
      max: other.max > one.max ? Infinity : one.max,
    };
  }
  if (one.kind === 'array' && other.kind === 'array') return mergeArrays(one, other);
  if (one.kind === 'object' && other.kind === 'object') return mergeObjects(one, other);
  if (one.kind === 'boolean') return { kind: 'boolean' };
  if (one.kind === 'string') return { kind: 'string' };
  return one;
}

function mergeArrays(one: ArrayShape, other: ArrayShape): ArrayShape {
  return {
    kind: 'array',
    prefix: [],
    rest: widen(itemOf(one, join), itemOf(other, join)),
    min: Math.min(one.min, other.min),
    max: other.max > one.max ? Infinity : one.max,
    ...(one.sequence === true || other.sequence === true ? { sequence: true } : {}),
    ...(one.constructed === true || other.constructed === true ? { constructed: true } : {}),
  };
}

function mergeObjects(one: ObjectShape, other: ObjectShape): ObjectShape {
  const names = new Set([...one.properties.keys(), ...other.properties.keys()]);
  return {
    kind: 'object',
    properties: new Map(
      [...names].map((name) => [name, widen(propertyOf(one, name), propertyOf(other, name))]),
    ),
    rest: widen(one.rest, other.rest),
  };
}
