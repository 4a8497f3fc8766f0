import { join } from '../types/join';
import { isNever, MISSING, NEVER, of, type Shape, type Type, UNKNOWN } from '../types/type';
import type { Ast } from './ast';
import { infer } from './infer';
import { assume, truthOf } from './narrow';
import { type Scope, silently, within } from './scope';
import { itemsOfArray, type Sequence, spread, unwrap } from './sequence';

/** `value[a][b]` where the value stands for itself, not for a step of a path. */
export function applyFilters(value: Type, filters: readonly Ast[], scope: Scope): Sequence {
  const [first, ...others] = filters;
  if (first === undefined) return spread(value);
  return others.reduce(
    (left, filter) => applyFilter(unwrap(left), filter, filter, scope),
    applyFilter(value, first, first, scope),
  );
}

/** What `[filter]` leaves of a value: an item by its number, or the items for which it is truthy. */
export function applyFilter(value: Type, filter: Ast, step: Ast, scope: Scope): Sequence {
  if (filter.type === 'literal' && typeof filter.value === 'number') {
    const item = itemAt(value, Math.floor(filter.value));
    if (!value.missing && item.missing && !item.unknown) scope.mayMiss(step);
    return item.unknown ? { item, min: 0, max: Infinity } : asOne(item);
  }
  const before = spread(value);
  if (before.item.unknown || isNever(before.item)) {
    infer(filter, within(scope, before.item));
    return withNothing({ ...before, min: 0 }, value.missing, filter, scope);
  }
  const kept = before.item.shapes.map((shape) => keptOf(shape, filter, scope));
  const item = join(kept.map(({ type }) => type));
  const all = kept.every(({ always }) => always);
  if (!all && !value.missing) scope.mayMiss(step);
  const left = { item, min: all ? before.min : 0, max: isNever(item) ? 0 : before.max };
  return withNothing(left, value.missing || before.item.missing, filter, scope);
}

/** The filter is asked about nothing too, and what it does not refuse is an item, though of no value. */
function withNothing(left: Sequence, missing: boolean, filter: Ast, scope: Scope): Sequence {
  if (!missing || left.item.unknown) return left;
  const verdict = infer(filter, silently(within(scope, MISSING)));
  if (truthOf(verdict) === false && !mayBePlace(verdict)) return left;
  return { ...left, item: { ...left.item, missing: true }, max: Math.max(1, left.max) };
}

function asOne(item: Type): Sequence {
  // an array that is an item comes as it is, which a sequence of it with its lengths describes
  return item.shapes.some(({ kind }) => kind === 'array') || isNever(item)
    ? { item: UNKNOWN, min: 0, max: Infinity }
    : { item: { ...item, missing: false }, min: item.missing ? 0 : 1, max: item.shapes.length === 0 ? 0 : 1 };
}

function keptOf(shape: Shape, filter: Ast, scope: Scope): { type: Type; always: boolean } {
  const inner = within(scope, of(shape));
  const verdict = infer(filter, inner);
  if (mayBePlace(verdict)) return { type: of(shape), always: false };
  const truth = truthOf(verdict);
  if (truth === false) return { type: NEVER, always: false };
  return { type: assume(filter, inner, true).context, always: truth === true };
}

const mayBePlace = ({ unknown, shapes }: Type): boolean =>
  unknown !== false || shapes.some(({ kind }) => kind === 'number' || kind === 'array');

/** The item at a place, from the end if negative; one that is no array is its own first and last item. */
export function itemAt(type: Type, place: number): Type {
  if (type.unknown) return type;
  const values = type.shapes.map((shape) => {
    if (shape.kind !== 'array') return place === 0 || place === -1 ? of(shape) : MISSING;
    const index = place >= 0 ? place : shape.min === shape.max ? shape.min + place : undefined;
    if (index === undefined) return missingUnless(shape.min >= -place, itemsOfArray(shape));
    if (index < 0 || index >= shape.max) return MISSING;
    return missingUnless(index < shape.min, shape.prefix[index] ?? shape.rest);
  });
  if (type.missing) values.push(MISSING);
  return join(values);
}

const missingUnless = (there: boolean, type: Type): Type =>
  there || type.unknown ? type : { ...type, missing: true };
