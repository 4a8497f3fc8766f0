import { propertyOf } from '../types/compare';
import { isMissing, isNever, MISSING, type Shape, type Type } from '../types/type';
import type { Ast } from './ast';

/** A value by the names that lead to it from a variable (`$states.input.status`), or from the context (`''`). */
export interface ValuePath {
  readonly root: string;
  readonly names: readonly string[];
}

export function pathOf(ast: Ast): ValuePath | undefined {
  if (ast.filters.length > 0 || ast.group !== undefined || ast.keepsArray) return undefined;
  if (ast.type === 'variable') return ast.name === '$' ? undefined : { root: ast.name, names: [] };
  if (ast.type !== 'path') return undefined;
  const [first, ...others] = ast.steps;
  if (first === undefined || ast.steps.some((step) => step.filters.length > 0)) return undefined;
  const steps = first.type === 'variable' ? others : ast.steps;
  const names = steps.flatMap((step) => (step.type === 'name' ? [step.name] : []));
  if (names.length !== steps.length || (first.type === 'variable' && first.name === '$')) return undefined;
  return { root: first.type === 'variable' ? first.name : '', names };
}

/**
 * The type with only those alternatives whose value at the path passes `leaf`. A path through an array reads all its
 * items at once, so arrays stay as they are.
 */
export function refine(type: Type, names: readonly string[], leaf: (type: Type) => Type): Type {
  const [name, ...others] = names;
  if (name === undefined) return leaf(type);
  if (type.unknown) return type;
  const shapes = type.shapes.flatMap((shape) => refineShape(shape, name, others, leaf));
  const missing = type.missing && !isNever(refine(MISSING, others, leaf));
  return { ...type, shapes, missing };
}

function refineShape(
  shape: Shape,
  name: string,
  others: readonly string[],
  leaf: (type: Type) => Type,
): Shape[] {
  if (shape.kind === 'array') return [shape];
  const before = shape.kind === 'object' ? propertyOf(shape, name) : MISSING;
  const after = refine(before, others, leaf);
  if (isNever(after)) return [];
  if (shape.kind !== 'object' || after === before || after.unknown) return [shape];
  // a property that is not there needs no entry, unless the object may have others
  if (isMissing(after) && !shape.properties.has(name)) return [shape];
  return [{ ...shape, properties: new Map([...shape.properties, [name, after]]) }];
}

export const onlyShapes = (
  type: Type,
  keeps: (shape: Shape) => Shape | undefined,
  missing: boolean,
): Type => {
  if (type.unknown) return type;
  const shapes = type.shapes.flatMap((shape) => keeps(shape) ?? []);
  return { ...type, shapes, missing: missing && type.missing };
};
