import { constantOfShape, isNever, type ObjectShape, type Shape, type Type } from './type';

/** Whether every value of `actual` is one of `expected`. */
export function isSubtype(actual: Type, expected: Type): boolean {
  if (actual === expected || expected.unknown) return true;
  if (actual.unknown) return false;
  if (actual.missing && !expected.missing) return false;
  return actual.shapes.every(
    (shape) => expected.shapes.some((wider) => isCovered(shape, wider)) || isWholeBoolean(shape, expected),
  );
}

function isWholeBoolean(shape: Shape, expected: Type): boolean {
  if (shape.kind !== 'boolean' || shape.value !== undefined) return false;
  const values = expected.shapes.map((wider) => (wider.kind === 'boolean' ? wider.value : undefined));
  return values.includes(true) && values.includes(false);
}

/** Whether every value of `shape` is one of `wider`. */
export function isCovered(shape: Shape, wider: Shape): boolean {
  if (shape === wider) return true;
  if (shape.kind === 'null') return wider.kind === 'null';
  if (shape.kind === 'boolean')
    return wider.kind === 'boolean' && (wider.value ?? shape.value) === shape.value;
  if (shape.kind === 'number') {
    return (
      wider.kind === 'number' &&
      (shape.integer || !wider.integer) &&
      shape.min >= wider.min &&
      shape.max <= wider.max
    );
  }
  if (shape.kind === 'string') {
    if (wider.kind !== 'string') return false;
    if (wider.value !== undefined) return wider.value === shape.value;
    return (
      (shape.maxLength ?? shape.value?.length ?? Infinity) <= (wider.maxLength ?? Infinity) &&
      (wider.pattern === undefined || wider.pattern === shape.pattern)
    );
  }
  if (shape.kind === 'array') {
    if (wider.kind !== 'array' || shape.min < wider.min || shape.max > wider.max) return false;
    if (shape.sequence === true && wider.sequence !== true) return false;
    if (shape.constructed === true && wider.constructed !== true) return false;
    const places = Math.max(shape.prefix.length, wider.prefix.length);
    for (let place = 0; place < places && place < shape.max; place += 1) {
      if (!isSubtype(shape.prefix[place] ?? shape.rest, wider.prefix[place] ?? wider.rest)) return false;
    }
    return shape.max <= places || isSubtype(shape.rest, wider.rest);
  }
  if (shape.kind === 'object') return wider.kind === 'object' && isCoveredObject(shape, wider);
  return false;
}

function isCoveredObject(shape: ObjectShape, wider: ObjectShape): boolean {
  const names = new Set([...shape.properties.keys(), ...wider.properties.keys()]);
  for (const name of names) {
    if (!isSubtype(propertyOf(shape, name), propertyOf(wider, name))) return false;
  }
  return isNever(shape.rest) || isSubtype(shape.rest, wider.rest);
}

/** Type of a property by name, `missing` where the object may lack it. */
export function propertyOf(shape: ObjectShape, name: string): Type {
  const type = shape.properties.get(name);
  if (type !== undefined) return type;
  return shape.rest.unknown ? shape.rest : { ...shape.rest, missing: true };
}

/** Whether no value belongs to both. */
export function isDisjoint(one: Type, other: Type): boolean {
  if (one.unknown || other.unknown) return false;
  if (one.missing && other.missing) return false;
  return one.shapes.every((left) => other.shapes.every((right) => areDisjoint(left, right)));
}

export function areDisjoint(one: Shape, other: Shape): boolean {
  if (one.kind !== other.kind) return true;
  if (one.kind === 'number' && other.kind === 'number') return one.max < other.min || other.max < one.min;
  const [left, right] = [constantOfShape(one), constantOfShape(other)];
  if (left !== undefined && right !== undefined) return left !== right;
  if (one.kind === 'object' && other.kind === 'object') {
    return [...new Set([...one.properties.keys(), ...other.properties.keys()])].some((name) =>
      isDisjoint(propertyOf(one, name), propertyOf(other, name)),
    );
  }
  return false;
}
