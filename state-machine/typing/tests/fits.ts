/** Whether a value is one of a type's: written apart from the package's own comparisons, which it judges. */
import { type Shape, type Type } from '../src/types/type';

export function fits(value: unknown, type: Type): boolean {
  if (type.unknown) return true;
  if (value === undefined) return type.missing;
  return type.shapes.some((shape) => fitsShape(value, shape));
}

function fitsShape(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean' && (shape.value ?? value) === value;
    case 'string':
      return typeof value === 'string' && (shape.value ?? value) === value;
    case 'number':
      return (
        typeof value === 'number' &&
        value >= shape.min &&
        value <= shape.max &&
        (!shape.integer || Number.isInteger(value))
      );
    case 'function':
      return typeof value === 'function';
    case 'array':
      return (
        Array.isArray(value) &&
        value.length >= shape.min &&
        value.length <= shape.max &&
        value.every((item, place) => fits(item, shape.prefix[place] ?? shape.rest))
      );
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const members = new Map(Object.entries(value));
      const named = [...shape.properties].every(([name, type]) => fits(members.get(name), type));
      return (
        named &&
        [...members].every(([name, member]) => shape.properties.has(name) || fits(member, shape.rest))
      );
    }
  }
}
