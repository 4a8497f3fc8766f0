import { join } from '../types/join';
import { type ArrayShape, isNever, itemOf, MISSING, NEVER, of, type Shape, type Type } from '../types/type';

/** Values in a row, as paths, filters and `$map` produce them. */
export interface Sequence {
  readonly item: Type;
  readonly min: number;
  readonly max: number;
}

export const itemsOfArray = (shape: ArrayShape): Type => itemOf(shape, join);

/** What a value adds to a sequence: an array its items, nothing none, everything else itself. */
export function spread(type: Type): Sequence {
  if (type.unknown) return { item: type, min: 0, max: Infinity };
  if (isNever(type)) return { item: NEVER, min: 1, max: 1 };
  const parts = type.shapes.map((shape): Sequence =>
    shape.kind === 'array'
      ? { item: shape.max === 0 ? NEVER : itemsOfArray(shape), min: shape.min, max: shape.max }
      : { item: of(shape), min: 1, max: 1 },
  );
  if (type.missing) parts.push({ item: NEVER, min: 0, max: 0 });
  return {
    item: join(parts.map(({ item }) => item)),
    min: Math.min(...parts.map(({ min }) => min)),
    max: Math.max(...parts.map(({ max }) => max)),
  };
}

/** A sequence as a value: an empty one is nothing, one item is that item, more are an array. */
export function unwrap({ item, min, max }: Sequence): Type {
  if (item.unknown) return item;
  const values: Type[] = [];
  if (min === 0) values.push(MISSING);
  if (min <= 1 && max >= 1) values.push(item);
  if (max >= 2 && !isNever(item)) {
    values.push(of({ kind: 'array', prefix: [], rest: item, min: Math.max(2, min), max, sequence: true }));
  }
  return join(values);
}

/** A sequence that `[]` keeps as an array, even of one item. */
export function keep({ item, min, max }: Sequence): Type {
  if (item.unknown) return item;
  const least = Math.max(1, min);
  const array: Type =
    max === 0 || isNever(item)
      ? NEVER
      : of({ kind: 'array', prefix: [], rest: item, min: least, max, sequence: true });
  return join([array, ...(min === 0 ? [MISSING] : [])]);
}

/** `0 * Infinity` is none. */
export const times = (one: number, other: number): number => (one === 0 || other === 0 ? 0 : one * other);

/** Only the arrays of a type, as they are. */
export const arraysOf = (type: Type): Type => ({
  ...type,
  shapes: type.shapes.filter(isArray),
  missing: false,
});

function isArray(shape: Shape): shape is ArrayShape {
  return shape.kind === 'array';
}

/** The type of a value that has left its expression: JSON knows no sequences and no functions. */
export function settle(type: Type): Type {
  if (type.unknown) return type;
  const shapes = type.shapes.map(settleShape);
  return shapes.every((shape, place) => shape === type.shapes[place]) ? type : { ...type, shapes };
}

function settleShape(shape: Shape): Shape {
  if (shape.kind === 'array') {
    const { min, max } = shape;
    const [prefix, rest] = [shape.prefix.map(settle), settle(shape.rest)];
    const same =
      shape.sequence !== true &&
      shape.constructed !== true &&
      rest === shape.rest &&
      prefix.every((item, place) => item === shape.prefix[place]);
    return same ? shape : { kind: 'array', prefix, rest, min, max };
  }
  if (shape.kind !== 'object') return shape;
  const properties = new Map([...shape.properties].map(([name, type]) => [name, settle(type)]));
  const same = [...properties].every(([name, type]) => type === shape.properties.get(name));
  return same ? shape : { ...shape, properties };
}
