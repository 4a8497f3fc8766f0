import { join } from '../../types/join';
import {
  arrayOf,
  isMissing,
  itemOf,
  NATURAL,
  NEVER,
  of,
  type Shape,
  tuple,
  type Type,
  UNKNOWN,
} from '../../types/type';
import type { Ast } from '../ast';
import { spread, unwrap } from '../sequence';
import { builtIn, functionOf, given } from './signature';

export const ARRAYS = {
  count: builtIn('a', ([list]) => {
    if (list === undefined || list.unknown) return NATURAL;
    const { min, max } = spread(list);
    return of({ kind: 'number', integer: true, min, max });
  }),
  append: builtIn('x x', ([left, right]) => append(left, right)),
  // a single value is made an array of it
  sort: builtIn('a f?', ([list, order]) => {
    const sorted = given(list, asArray(list));
    // of one item there is nothing to compare
    if (list !== undefined && !list.unknown && spread(list).max > 1) {
      const { item } = spread({ ...list, missing: false });
      functionOf(order)?.call([item, item]);
    }
    return sorted;
  }),
  reverse: builtIn('a', ([list]) => given(list, asArray(list))),
  shuffle: builtIn('a', ([list]) => given(list, asArray(list))),
  distinct: builtIn('x', ([list], [ast]) => given(list, distinct(list, ast))),
  zip: builtIn('a+', (lists) => {
    if (lists.some(({ unknown }) => unknown)) return arrayOf(UNKNOWN);
    const parts = lists.map(spread);
    const min = Math.min(...parts.map((part) => part.min));
    const max = Math.max(0, Math.min(...parts.map((part) => part.max)));
    return arrayOf(tuple(parts.map(({ item }) => item)), min, max);
  }),
};

/** Items in any order. An array of one item comes as it is, with what the library has marked it as. */
function asArray(type: Type | undefined): Type {
  if (type === undefined || type.unknown) return UNKNOWN;
  const { item, min, max } = spread({ ...type, missing: false });
  const marked = (mark: 'sequence' | 'constructed'): boolean =>
    type.shapes.some((shape) => shape.kind === 'array' && shape[mark] === true);
  return of({
    kind: 'array',
    prefix: [],
    rest: item,
    min,
    max,
    ...(marked('sequence') ? { sequence: true } : {}),
    ...(marked('constructed') ? { constructed: true } : {}),
  });
}

/** Both as one array, but with nothing on one side the other as it is. */
function append(left: Type | undefined, right: Type | undefined): Type {
  if (left === undefined || right === undefined || left.unknown || right.unknown) return UNKNOWN;
  if (isMissing(left)) return right;
  if (isMissing(right)) return left;
  const [one, other] = [spread({ ...left, missing: false }), spread({ ...right, missing: false })];
  const both = exactly(left) && exactly(right) ? concatenated(left, right) : undefined;
  const types = [both ?? arrayOf(join([one.item, other.item]), one.min + other.min, one.max + other.max)];
  if (left.missing) types.push(right);
  if (right.missing) types.push(left);
  return join(types);
}

/** Whether each item is known by its place. */
function exactly(type: Type): boolean {
  const [shape, ...others] = type.shapes;
  return others.length === 0 && (shape?.kind !== 'array' || shape.max === shape.prefix.length);
}

function concatenated(left: Type, right: Type): Type {
  const items = [left, right].flatMap(({ shapes }) =>
    shapes.flatMap((shape): readonly Type[] => (shape.kind === 'array' ? shape.prefix : [of(shape)])),
  );
  const bounds = [left, right].flatMap(({ shapes }) =>
    shapes.map((shape) => (shape.kind === 'array' ? shape.min : 1)),
  );
  const min = bounds.reduce((total, count) => total + count, 0);
  return min === items.length ? tuple(items) : arrayOf(join(items), min, items.length);
}

/** Of an array that may be a sequence, equal items may become the only one, which is then no array. */
function distinct(type: Type | undefined, ast: Ast | undefined): Type {
  if (type === undefined || type.unknown) return UNKNOWN;
  return join(
    type.shapes.map((shape) => {
      if (shape.kind !== 'array') return of(shape);
      const item = itemOf(shape, join);
      const [min, max] = [Math.min(1, shape.min), shape.max];
      if (shape.max === 0) return of(shape);
      if (!mayBeSequence(shape, ast)) return arrayOf(item, min, max);
      // one item or none is left as it is, also where `[]` keeps it
      const kept: Type = shape.min <= 1 ? of({ ...shape, max: Math.min(1, max) }) : NEVER;
      // what may be a sequence need not be one
      return max > 1 ? join([kept, unwrap({ item, min: 1, max }), arrayOf(item, min, max)]) : kept;
    }),
  );
}

const mayBeSequence = (shape: Shape & { kind: 'array' }, ast: Ast | undefined): boolean =>
  shape.sequence === true || ast === undefined;
