/**
 * What values an expression can have, as a set of shapes: JSON Schema reduced to what the checks ask about.
 *
 * `missing` says that there may be no value at all (JSONata's undefined). A type that is `unknown` says nothing, also not
 * whether there is a value; no check claims anything about it. `reported` marks one that stands for a defect already
 * told, so that one defect gives one message.
 */
export interface Type {
  readonly shapes: readonly Shape[];
  readonly missing: boolean;
  readonly unknown: false | 'unknowable' | 'reported';
}

export interface NullShape {
  readonly kind: 'null';
}
export interface BooleanShape {
  readonly kind: 'boolean';
  /** The only value, if there is only one. */
  readonly value?: boolean;
}
export interface NumberShape {
  readonly kind: 'number';
  readonly integer: boolean;
  /** Inclusive bounds; equal ones are a constant. */
  readonly min: number;
  readonly max: number;
}
export interface StringShape {
  readonly kind: 'string';
  readonly value?: string;
  readonly maxLength?: number;
  readonly pattern?: string;
}
export interface ArrayShape {
  readonly kind: 'array';
  /** Types of the first items, where each is known by its place. */
  readonly prefix: readonly Type[];
  /** Type of every item after the prefix. */
  readonly rest: Type;
  /** Bounds of the length. */
  readonly min: number;
  readonly max: number;
  /** May be one of JSONata's sequences, which `$distinct` and others turn into their only item. */
  readonly sequence?: true;
  /** May have been built by `.[...]`, which a path takes for one item wherever it comes from. */
  readonly constructed?: true;
}
export interface ObjectShape {
  readonly kind: 'object';
  /** A property whose type is `missing` is optional. */
  readonly properties: ReadonlyMap<string, Type>;
  /** Type of properties without a name here; `never` for a closed object. */
  readonly rest: Type;
}
export interface FunctionShape {
  readonly kind: 'function';
  readonly arity: number;
  /** Type of the result for arguments of these types; `quiet` for a guess, whose remarks may be wrong. */
  readonly call: (args: readonly Type[], quiet?: boolean) => Type;
  /** Type of the first argument when the result is truthy. */
  readonly keeps?: (args: readonly Type[]) => Type;
}
export type Shape =
  NullShape | BooleanShape | NumberShape | StringShape | ArrayShape | ObjectShape | FunctionShape;
export type Kind = Shape['kind'];

export const NEVER: Type = { shapes: [], missing: false, unknown: false };
/** No value: JSONata's undefined. */
export const MISSING: Type = { shapes: [], missing: true, unknown: false };
export const UNKNOWN: Type = { shapes: [], missing: true, unknown: 'unknowable' };
export const REPORTED: Type = { shapes: [], missing: true, unknown: 'reported' };

export const of = (...shapes: readonly Shape[]): Type => ({ shapes, missing: false, unknown: false });

export const NULL = of({ kind: 'null' });
export const BOOLEAN = of({ kind: 'boolean' });
export const STRING = of({ kind: 'string' });
export const NUMBER = of({ kind: 'number', integer: false, min: -Infinity, max: Infinity });
export const INTEGER = of({ kind: 'number', integer: true, min: -Infinity, max: Infinity });
export const NATURAL = of({ kind: 'number', integer: true, min: 0, max: Infinity });

export const literal = (value: string | number | boolean | null): Type => {
  if (value === null) return NULL;
  if (typeof value === 'string') return of({ kind: 'string', value });
  if (typeof value === 'boolean') return of({ kind: 'boolean', value });
  return of({ kind: 'number', integer: Number.isInteger(value), min: value, max: value });
};
export const arrayOf = (rest: Type, min = 0, max = Infinity): Type =>
  of({ kind: 'array', prefix: [], rest, min, max });
export const tuple = (prefix: readonly Type[]): Type =>
  of({ kind: 'array', prefix, rest: NEVER, min: prefix.length, max: prefix.length });
export const object = (properties: Readonly<Record<string, Type>>, rest: Type = NEVER): Type =>
  of({ kind: 'object', properties: new Map(Object.entries(properties)), rest });
export const optional = (type: Type): Type => (type.unknown ? type : { ...type, missing: true });
export const present = (type: Type): Type => (type.unknown ? type : { ...type, missing: false });

export const isUnknown = (type: Type): boolean => type.unknown !== false;
/** No value and no absence either: what has this type does not happen. */
export const isNever = (type: Type): boolean => !type.unknown && type.shapes.length === 0 && !type.missing;
export const isMissing = (type: Type): boolean => !type.unknown && type.shapes.length === 0 && type.missing;
/** The one value that the type allows, if it is a single scalar. */
export function constantOf(type: Type): string | number | boolean | null | undefined {
  const [shape, ...others] = type.shapes;
  if (type.unknown || type.missing || shape === undefined || others.length > 0) return undefined;
  return constantOfShape(shape);
}
export function constantOfShape(shape: Shape): string | number | boolean | null | undefined {
  if (shape.kind === 'null') return null;
  if (shape.kind === 'boolean' || shape.kind === 'string') return shape.value;
  if (shape.kind === 'number' && shape.min === shape.max) return shape.min;
  return undefined;
}
/** Type of an array's items, whatever their place; `never` if it is always empty. */
export function itemOf(shape: ArrayShape, join: (types: readonly Type[]) => Type): Type {
  return join([...shape.prefix, ...(shape.max > shape.prefix.length ? [shape.rest] : [])]);
}
