import { join } from '../../types/join';
import {
  arrayOf,
  isMissing,
  itemOf,
  NATURAL,
  of,
  type Shape,
  tuple,
  type Type,
  UNKNOWN,
} from '../../types/type';
import type { Ast } from '../ast';
import { spread, unwrap } from '../sequence';
import { builtIn, given } from './signature';

export const ARRAYS = {
  count: builtIn('a', ([list]) => {
    if (list === undefined || list.unknown) return NATURAL;
    const { min, max } = spread(list);
    return of({ kind: 'number', integer: true, min, max });
  }),
  append: builtIn('x x', ([left, right]) => append(left, right)),
  // a single value is made an array of it
  sort: builtIn('a f?', ([list]) => given(list, asArray(list))),
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

/** Items in any order. */
function asArray(type: Type | undefined): Type {
  if (type === undefined || type.unknown) return UNKNOWN;
  const { item, min, max } = spread({ ...type, missing: false });
  return arrayOf(item, min, max);
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
      return mayBeSequence(shape, ast) ? unwrap({ item, min, max }) : arrayOf(item, min, max);
    }),
  );
}

const mayBeSequence = (shape: Shape & { kind: 'array' }, ast: Ast | undefined): boolean =>
  shape.sequence === true || ast === undefined;
