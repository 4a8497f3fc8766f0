import { areDisjoint, propertyOf } from './compare';
import { describe, describeShape } from './describe';
import { join } from './join';
import {
  constantOfShape,
  isMissing,
  isNever,
  itemOf,
  type ArrayShape,
  type ObjectShape,
  type Shape,
  type Type,
} from './type';

/** Why a value may not be what is expected; `undefined` where nothing speaks against it. */
export interface Problem {
  /** Names and places that lead to it, e.g. `.lease.owner`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Whether some value of the type is refused. What cannot be read off a type (patterns, formats, lengths and bounds of
 * numbers that overlap) counts as fitting: a finding is never a guess.
 */
export function problemOf(actual: Type, expected: Type, path = ''): Problem | undefined {
  if (actual === expected || actual.unknown || expected.unknown) return undefined;
  if (actual.missing && !expected.missing) {
    return { path, message: isMissing(actual) ? 'is missing' : 'may be missing' };
  }
  for (const shape of actual.shapes) {
    const problems = expected.shapes.map((wider) => problemOfShape(shape, wider, path));
    if (problems.includes(undefined)) continue;
    const alike = expected.shapes.filter(({ kind }) => kind === shape.kind && kind !== 'string');
    const [only, ...others] = alike;
    const nested = only === undefined || others.length > 0 ? undefined : problemOfShape(shape, only, path);
    return (
      nested ?? { path, message: `may be ${describeShape(shape, 1)}, but has to be ${describe(expected, 1)}` }
    );
  }
  return undefined;
}

function problemOfShape(shape: Shape, wider: Shape, path: string): Problem | undefined {
  const refused = {
    path,
    message: `may be ${describeShape(shape, 1)}, but has to be ${describeShape(wider, 1)}${shape.kind === 'number' ? boundsOf(wider) : ''}`,
  };
  if (shape.kind !== wider.kind || areDisjointScalars(shape, wider)) return refused;
  const wanted = constantOfShape(wider);
  if (wanted !== undefined && constantOfShape(shape) !== wanted) return refused;
  if (shape.kind === 'number' && wider.kind === 'number') {
    return wider.integer && shape.min === shape.max && !Number.isInteger(shape.min) ? refused : undefined;
  }
  if (shape.kind === 'string' && wider.kind === 'string') {
    const { value } = shape;
    if (value === undefined) return undefined;
    const fits =
      value.length <= (wider.maxLength ?? Infinity) &&
      (wider.pattern === undefined || matches(wider.pattern, value));
    return fits
      ? undefined
      : { path, message: `is ${JSON.stringify(value)}, which its pattern or length forbids` };
  }
  if (shape.kind === 'array' && wider.kind === 'array') return problemOfArray(shape, wider, path);
  if (shape.kind === 'object' && wider.kind === 'object') return problemOfObject(shape, wider, path);
  return undefined;
}

function boundsOf(shape: Shape): string {
  if (shape.kind !== 'number' || shape.min === shape.max) return '';
  const [least, most] = [Number.isFinite(shape.min), Number.isFinite(shape.max)];
  return `${least ? ` from ${shape.min}` : ''}${most ? ` to ${shape.max}` : ''}`;
}

const areDisjointScalars = (one: Shape, other: Shape): boolean =>
  one.kind !== 'object' && one.kind !== 'array' && areDisjoint(one, other);

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // not a pattern of this engine: nothing can be said
    return true;
  }
}

function problemOfArray(shape: ArrayShape, wider: ArrayShape, path: string): Problem | undefined {
  if (shape.min > wider.max || shape.max < wider.min) {
    return { path, message: `has ${shape.min} items or more, but ${wider.min} to ${wider.max} are allowed` };
  }
  if (shape.max === 0) return undefined;
  return problemOf(itemOf(shape, join), itemOf(wider, join), `${path}[]`);
}

function problemOfObject(shape: ObjectShape, wider: ObjectShape, path: string): Problem | undefined {
  for (const [name, expected] of wider.properties) {
    const problem = problemOf(propertyOf(shape, name), expected, `${path}.${name}`);
    if (problem !== undefined) return problem;
  }
  for (const [name, actual] of shape.properties) {
    if (wider.properties.has(name) || isMissing(actual)) continue;
    if (isNever(wider.rest)) return { path: `${path}.${name}`, message: 'is not expected' };
    const problem = problemOf(
      actual.unknown ? actual : { ...actual, missing: false },
      wider.rest,
      `${path}.${name}`,
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}
