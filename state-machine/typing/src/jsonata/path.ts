import { propertyOf } from '../types/compare';
import { join } from '../types/join';
import { describe } from '../types/describe';
import {
  arrayOf,
  isMissing,
  isNever,
  isUnknown,
  MISSING,
  NEVER,
  of,
  REPORTED,
  type Shape,
  type Type,
  UNKNOWN,
} from '../types/type';
import type { Ast } from './ast';
import { applyFilter } from './filter';
import { infer, inferObject } from './infer';
import { keyOf } from './key';
import { type Scope, within } from './scope';
import { arraysOf, itemsOfArray, keep, type Sequence, spread, times, unwrap } from './sequence';

/** A path: each step is evaluated for every item that the step before gave, and what it gives is joined in a row. */
export function inferPath(ast: Ast, scope: Scope): Type {
  if (ast.type === 'name') return lookup(ast, scope.context, scope);
  if (ast.type !== 'path') return UNKNOWN;
  const [first] = ast.steps;
  let sequence: Sequence =
    first?.type === 'variable' ? { item: scope.context, min: 1, max: 1 } : items(scope.context);
  let direct: Type = NEVER;
  let empty: Type = NEVER;
  for (const [place, written] of ast.steps.entries()) {
    const step = ungrouped(written);
    const last = place === ast.steps.length - 1;
    if (step.type === 'sort') {
      for (const term of step.terms) infer(term, within(scope, sequence.item));
      if (step.filters.length > 0) {
        // the filter takes an item that is an array out as it is, and a path ends with one that is empty
        if (mayBeArray(sequence.item)) empty = UNKNOWN;
        sequence = spreadFiltered(arrayOf(sequence.item, sequence.min, sequence.max), step, scope);
      }
      continue;
    }
    if (place === 0 && isConstructor(written)) {
      ({ sequence, empty } = constructed(written, scope));
      continue;
    }
    const inner = within(scope, sequence.item);
    const value = stepValue(step, place === 0 && scope.top, sequence.item, inner);
    const given = givenBy(step, value, place, inner);
    const before = sequence;
    sequence = {
      item: given.item,
      min: times(before.min, given.min),
      max: times(before.max, given.max),
    };
    if (sequence.min === 0 && scope.facts.has(prefixKey(ast, place)) && !mayBeEmpty(step, value))
      sequence = { ...sequence, min: 1 };
    if (last && step.filters.length === 0 && (before.min <= 1 || value.missing) && before.max > 0) {
      direct = arraysOf(value);
      // the only value the step gives is an array: it stays as it is
      if (before.max === 1 && !isUnknown(value)) {
        sequence = spread({
          ...value,
          shapes: value.shapes.filter((shape) => shape.kind !== 'array' || mayBeKept(shape)),
        });
        if (before.min === 0) sequence = { ...sequence, min: 0 };
      }
    }
  }
  // what `[]` does to a step that builds its own arrays is not followed
  if (ast.keepsArray && !ast.steps.every(({ type }) => type === 'name' || type === 'variable'))
    return UNKNOWN;
  const value = join([ast.keepsArray ? keep(sequence) : unwrap(sequence), direct, empty]);
  return ast.group === undefined ? value : inferObject(ast.group, value, scope);
}

/**
 * `[...]` in front is evaluated once, and the path goes on with its items; without any, it is the path's value. What a
 * filter behind it has made a single value has no items, but for a string, whose characters count as some.
 */
function constructed(step: Ast, scope: Scope): { sequence: Sequence; empty: Type } {
  const value = infer(step, scope.top ? scope : within(scope, UNKNOWN));
  const text = value.shapes.some(({ kind }) => kind === 'string');
  if (value.unknown || text) return { sequence: { item: UNKNOWN, min: 0, max: Infinity }, empty: UNKNOWN };
  const arrays = arraysOf(value);
  const single = arrays.shapes.length < value.shapes.length;
  const mayBeEmpty = arrays.shapes.some((shape) => shape.kind === 'array' && shape.min === 0);
  return {
    sequence: spread({ ...arrays, missing: value.missing || single }),
    empty: mayBeEmpty
      ? of({ kind: 'array', prefix: [], rest: NEVER, min: 0, max: 0, constructed: true })
      : NEVER,
  };
}

/** An array that exists may still have no item, unless a filter made it. */
const mayBeEmpty = (step: Ast, value: Type): boolean =>
  step.filters.length === 0 &&
  (isUnknown(value) || value.shapes.some((shape) => shape.kind === 'array' && shape.min === 0));

/** What was asked for may have been the beginning of this path. */
function prefixKey(ast: Ast & { type: 'path' }, place: number): string {
  return place === 0 ? keyOf(ast.steps[0] ?? ast) : keyOf({ ...ast, steps: ast.steps.slice(0, place + 1) });
}

/** `$v[filter]{...}^(key)` groups what the filter left: the group, filters and all, is one value to the path. */
function ungrouped(step: Ast): Ast {
  if (step.group === undefined || step.filters.length === 0) return step;
  return {
    type: 'block',
    expressions: [step],
    cons: false,
    start: step.start,
    filters: [],
    group: undefined,
    keepsArray: false,
  };
}

function stepValue(step: Ast, homeless: boolean, item: Type, inner: Scope): Type {
  if (step.type !== 'name')
    return infer({ ...step, filters: [] }, homeless ? { ...inner, top: true } : inner);
  if (!homeless) return lookup(step, item, inner);
  remarkContext(step, inner);
  return REPORTED;
}

function givenBy(step: Ast, value: Type, place: number, inner: Scope): Sequence {
  if (step.filters.length > 0) return spreadFiltered(value, step, inner);
  // `.[a, b]` gives one array for each item, which stays one
  if (step.type === 'array' && step.cons && place > 0) return { item: value, min: 1, max: 1 };
  return value.shapes.some(isConstructed) ? { item: UNKNOWN, min: 0, max: Infinity } : spread(value);
}

/** A sequence of one item that `[]` has kept, which the path opens. */
const mayBeKept = (shape: Shape): boolean =>
  shape.kind === 'array' && shape.sequence === true && shape.min <= 1;
const isConstructed = (shape: Shape): boolean => shape.kind === 'array' && shape.constructed === true;
const mayBeArray = (type: Type): boolean =>
  isUnknown(type) || type.shapes.some(({ kind }) => kind === 'array');
const isConstructor = (step: Ast): boolean => (step.type === 'array' || step.type === 'block') && step.cons;

/** What the first step looks at: the items of an array, otherwise the context itself, even if it is nothing. */
function items(context: Type): Sequence {
  if (context.unknown || context.shapes.some(({ kind }) => kind === 'array')) {
    const inner = spread(context);
    return context.missing && !context.unknown
      ? { item: { ...inner.item, missing: true }, min: inner.min, max: Math.max(1, inner.max) }
      : inner;
  }
  return { item: context, min: 1, max: 1 };
}

function spreadFiltered(value: Type, step: Ast, scope: Scope): Sequence {
  let left = spread(value);
  for (const [place, filter] of step.filters.entries()) {
    // a filtered list of lists is opened or not depending on how it was filtered
    if (left.item.shapes.some(({ kind }) => kind === 'array')) {
      infer(filter, within(scope, UNKNOWN));
      return { item: UNKNOWN, min: 0, max: Infinity };
    }
    left = applyFilter(place === 0 ? value : unwrap(left), filter, step, scope);
  }
  if (isMayMiss(value, unwrap(left))) scope.mayMiss(step);
  return left;
}

const isMayMiss = (before: Type, after: Type): boolean => !before.missing && after.missing && !after.unknown;

/** Type of a property of whatever the context is; tells when nothing of this type has it. */
export function lookup(step: Ast & { type: 'name' }, context: Type, scope: Scope): Type {
  if (context.unknown === 'reported') return context;
  const type = propertyOfType(context, step.name);
  if (
    !context.unknown &&
    isMissing(type) &&
    context.shapes.length > 0 &&
    !context.shapes.every(isEmptyArray)
  ) {
    scope.remark({
      check: 'property',
      at: step.start,
      message: `there is no property ${step.name} in ${describe({ ...context, missing: false }, 1)}`,
      mend: 'correct the name, or add it to the schema of what produces the value',
    });
    return REPORTED;
  }
  if (!context.missing && type.missing && !type.unknown) scope.mayMiss(step);
  return type;
}

export function propertyOfType(type: Type, name: string): Type {
  if (type.unknown) return type;
  const values = type.shapes.map((shape) => {
    if (shape.kind === 'object') return propertyOf(shape, name);
    if (shape.kind !== 'array') return MISSING;
    const inner = spread(propertyOfType(itemsOfArray(shape), name));
    return unwrap({ item: inner.item, min: times(shape.min, inner.min), max: times(shape.max, inner.max) });
  });
  if (type.missing) values.push(MISSING);
  return join(values);
}

const isEmptyArray = (shape: Shape): boolean => shape.kind === 'array' && isNever(itemsOfArray(shape));

/** https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: expressions start from variables. */
export function remarkContext(ast: Ast, scope: Scope): void {
  scope.remark({
    check: 'context',
    at: ast.start,
    message: 'Step Functions has no context at the top level of an expression',
    mend: 'start from $states.input, or from a variable',
  });
}
