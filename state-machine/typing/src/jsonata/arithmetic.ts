import {
  isMissing,
  MISSING,
  NUMBER,
  type NumberShape,
  of,
  optional,
  type Type,
  UNKNOWN,
} from '../types/type';

/** The result of `+ - * / %` on numbers; nothing if a side is nothing. */
export function arithmetic(operator: string, left: Type, right: Type): Type {
  if (left.unknown || right.unknown) return UNKNOWN;
  if (isMissing(left) || isMissing(right)) return MISSING;
  const [one, other] = [only(left), only(right)];
  const type = one === undefined || other === undefined ? NUMBER : of(result(operator, one, other));
  const missing = left.missing || right.missing;
  return missing ? optional(type) : type;
}

/** Bounds that hold all numbers of a type. */
function only(type: Type): NumberShape | undefined {
  const numbers = type.shapes.flatMap((shape) => (shape.kind === 'number' ? [shape] : []));
  if (numbers.length === 0) return undefined;
  return {
    kind: 'number',
    integer: numbers.every(({ integer }) => integer),
    min: Math.min(...numbers.map(({ min }) => min)),
    max: Math.max(...numbers.map(({ max }) => max)),
  };
}

function result(operator: string, one: NumberShape, other: NumberShape): NumberShape {
  const integer = one.integer && other.integer;
  switch (operator) {
    case '+':
      return shape(integer, one.min + other.min, one.max + other.max);
    case '-':
      return shape(integer, one.min - other.max, one.max - other.min);
    case '*': {
      const corners = [one.min, one.max].flatMap((a) =>
        [other.min, other.max].map((b) => (a === 0 || b === 0 ? 0 : a * b)),
      );
      return shape(integer, Math.min(...corners), Math.max(...corners));
    }
    default:
      return shape(integer && operator === '%', -Infinity, Infinity);
  }
}

/** Sums of unlike infinities say nothing. */
function shape(integer: boolean, min: number, max: number): NumberShape {
  return {
    kind: 'number',
    integer,
    min: Number.isNaN(min) ? -Infinity : min,
    max: Number.isNaN(max) ? Infinity : max,
  };
}
