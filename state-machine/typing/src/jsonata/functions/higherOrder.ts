import { isSubtype } from '../../types/compare';
import { join, widen } from '../../types/join';
import {
  type FunctionShape,
  isMissing,
  isNever,
  NATURAL,
  NEVER,
  of,
  optional,
  STRING,
  type Type,
  UNKNOWN,
} from '../../types/type';
import { truthOf } from '../narrow';
import { spread, unwrap } from '../sequence';
import { builtIn, functionOf, given } from './signature';

/** Rounds after which a `$reduce` whose type still grows is unknown. */
const MAX_ROUNDS = 8;

export const HIGHER_ORDER = {
  map: builtIn('a f', ([list, step]) => {
    const call = functionOf(step);
    if (list === undefined || call === undefined || list.unknown) return UNKNOWN;
    if (isMissing(list)) return list;
    const { item, min, max } = spread({ ...list, missing: false });
    const value = isNever(item) ? NEVER : call.call([item, NATURAL, list]);
    if (value.unknown) return value;
    return given(list, unwrap({ item: { ...value, missing: false }, min: value.missing ? 0 : min, max }));
  }),
  filter: builtIn('a f', ([list, step]) => {
    const call = functionOf(step);
    if (list === undefined || call === undefined || list.unknown) return UNKNOWN;
    if (isMissing(list)) return list;
    const { item, min, max } = spread({ ...list, missing: false });
    if (isNever(item)) return optional(NEVER);
    const args = [item, NATURAL, list];
    const always = truthOf(call.call(args)) === true;
    const kept = call.keeps?.(args) ?? item;
    return given(list, unwrap({ item: kept, min: always ? min : 0, max: isNever(kept) ? 0 : max }));
  }),
  single: builtIn('a f?', ([list, step]) => {
    if (list === undefined || list.unknown) return UNKNOWN;
    if (isMissing(list)) return list;
    const { item } = spread({ ...list, missing: false });
    functionOf(step)?.call([item, NATURAL, list]);
    return given(list, item);
  }),
  reduce: builtIn('a f x?', ([list, step, initial]) => {
    const call = functionOf(step);
    if (list === undefined || call === undefined || list.unknown || initial?.unknown) return UNKNOWN;
    if (isMissing(list)) return list;
    const { item, min } = spread({ ...list, missing: false });
    const start = initial === undefined || initial.missing ? join([item, initial ?? NEVER]) : initial;
    const result = reduced(call, start, item, list);
    const empty = min === 0 && (initial === undefined || initial.missing);
    return given(list, empty && !result.unknown ? optional(result) : result);
  }),
  sift: builtIn('o- f?', ([value, step]) => {
    const call = functionOf(step);
    if (value === undefined || value.unknown || call === undefined) return UNKNOWN;
    const kept = value.shapes.map((shape) => {
      if (shape.kind !== 'object') return UNKNOWN;
      for (const type of shape.properties.values()) call.call([type, STRING, of(shape)]);
      const properties = new Map([...shape.properties].map(([name, type]) => [name, optional(type)]));
      return of({ kind: 'object', properties, rest: shape.rest });
    });
    return optional(join(kept));
  }),
  each: builtIn('o- f', ([value, step]) => {
    const call = functionOf(step);
    if (value === undefined || value.unknown || call === undefined) return UNKNOWN;
    const results = value.shapes.flatMap((shape) => {
      if (shape.kind !== 'object' || shape.rest.unknown) return [UNKNOWN];
      return [...shape.properties.values(), ...(isNever(shape.rest) ? [] : [shape.rest])].map((type) =>
        call.call([{ ...type, missing: type.unknown !== false }, STRING, of(shape)]),
      );
    });
    const item = join(results);
    return item.unknown ? UNKNOWN : unwrap({ item: { ...item, missing: false }, min: 0, max: Infinity });
  }),
};

/** The accumulator joins what each round gives, until nothing is new. */
function reduced(call: FunctionShape, start: Type, item: Type, list: Type): Type {
  if (isNever(item)) return start;
  let accumulator = start;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = call.call([accumulator, item, NATURAL, list], true);
    if (isSubtype(next, accumulator)) {
      call.call([accumulator, item, NATURAL, list]);
      return accumulator;
    }
    accumulator = widen(accumulator, next);
  }
  return UNKNOWN;
}
