import { type Type } from '../types/type';
import { onlyShapes } from './refine';

const NEGATED: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/** The numbers of a type for which a comparison with a constant was true, or false. */
export function bounded(type: Type, operator: string, constant: number, truth: boolean): Type {
  const effective = truth ? operator : (NEGATED[operator] ?? operator);
  return onlyShapes(
    type,
    (shape) => {
      if (shape.kind !== 'number') return shape;
      const step = shape.integer && Number.isInteger(constant) ? 1 : 0;
      const [least, most] = limits(effective, constant, step);
      const bound = { ...shape, min: Math.max(shape.min, least), max: Math.min(shape.max, most) };
      return bound.min > bound.max ? undefined : bound;
    },
    // a comparison with nothing is nothing, which counts as false
    !truth,
  );
}

function limits(operator: string, constant: number, step: number): [least: number, most: number] {
  switch (operator) {
    case '>':
      return [constant + step, Infinity];
    case '>=':
      return [constant, Infinity];
    case '<':
      return [-Infinity, constant - step];
    case '<=':
      return [-Infinity, constant];
    default:
      return [-Infinity, Infinity];
  }
}

/** The values of a type for which the comparison of `$count` with a constant was true, or false. */
export function countBounded(type: Type, operator: string, constant: number, truth: boolean): Type {
  const [least, most] = countLimits(operator, constant, truth);
  const fits = (count: number): boolean => count >= least && count <= most;
  return onlyShapes(
    type,
    (shape) => {
      if (shape.kind !== 'array') return fits(1) ? shape : undefined;
      const bound = { ...shape, min: Math.max(shape.min, least), max: Math.min(shape.max, most) };
      return bound.min > bound.max ? undefined : bound;
    },
    fits(0),
  );
}

function countLimits(operator: string, constant: number, truth: boolean): [least: number, most: number] {
  const equal = operator === '=' || operator === '!=';
  if (equal && (operator === '=') === truth) return [constant, constant];
  // a count that is not 0 is at least 1; of other numbers inequality says nothing about the bounds
  if (equal) return [constant === 0 ? 1 : 0, Infinity];
  const [least, most] = limits(truth ? operator : (NEGATED[operator] ?? operator), constant, 1);
  return [Math.max(0, Math.ceil(least)), Math.floor(most)];
}
