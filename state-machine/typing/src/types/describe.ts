import { isNever, isUnknown, type Shape, type Type } from './type';

/** How deep a short description goes before it says `…`. */
const DEPTH = 3;

/** The type as a person reads it, e.g. `{ status: "WAIT", lease?: {…} } | null`. */
export function describe(type: Type, depth = DEPTH): string {
  if (isUnknown(type)) return 'unknown';
  if (isNever(type)) return 'never';
  const alternatives = type.shapes.map((shape) => describeShape(shape, depth));
  if (type.missing) alternatives.push('nothing');
  return [...new Set(alternatives)].join(' | ');
}

export function describeShape(shape: Shape, depth = DEPTH): string {
  switch (shape.kind) {
    case 'null':
    case 'function':
      return shape.kind;
    case 'boolean':
      return shape.value === undefined ? 'boolean' : String(shape.value);
    case 'string':
      return shape.value === undefined ? 'string' : JSON.stringify(shape.value);
    case 'number':
      if (shape.min === shape.max) return String(shape.min);
      return shape.integer ? 'integer' : 'number';
    case 'array':
      if (shape.max === 0) return '[]';
      if (depth === 0) return '[…]';
      if (shape.prefix.length > 0 && shape.max === shape.prefix.length) {
        return `[${shape.prefix.map((item) => describe(item, depth - 1)).join(', ')}]`;
      }
      return `array of ${[...new Set([...shape.prefix, shape.rest].map((item) => describe(item, depth - 1)))].join(' | ')}`;
    case 'object': {
      const members = [...shape.properties].map(([name, type]) => {
        const value = type.unknown ? type : { ...type, missing: false };
        return `${name}${type.missing ? '?' : ''}: ${describe(value, depth - 1)}`;
      });
      if (!isNever(shape.rest)) members.push('…');
      if (members.length === 0) return '{}';
      return depth === 0 ? '{…}' : `{ ${members.join(', ')} }`;
    }
  }
}
