import { constantOfShape, isNever, type Shape, type Type } from './type';

/** A JSON Schema (2020-12) for the type; `true` where nothing is known. */
export function toSchema(type: Type): boolean | object {
  if (type.unknown) return true;
  const [only, ...others] = type.shapes;
  if (only === undefined) return false;
  return others.length === 0 ? shapeSchema(only) : { anyOf: type.shapes.map(shapeSchema) };
}

function shapeSchema(shape: Shape): boolean | object {
  const constant = constantOfShape(shape);
  if (constant !== undefined) return { const: constant };
  switch (shape.kind) {
    case 'number':
      return {
        type: shape.integer ? 'integer' : 'number',
        ...(Number.isFinite(shape.min) ? { minimum: shape.min } : {}),
        ...(Number.isFinite(shape.max) ? { maximum: shape.max } : {}),
      };
    case 'string':
      return {
        type: 'string',
        ...(shape.maxLength === undefined ? {} : { maxLength: shape.maxLength }),
        ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }),
      };
    case 'array':
      return {
        type: 'array',
        ...(shape.prefix.length === 0 ? {} : { prefixItems: shape.prefix.map(toSchema) }),
        ...(shape.max > shape.prefix.length ? { items: toSchema(shape.rest) } : {}),
        ...(shape.min === 0 ? {} : { minItems: shape.min }),
        ...(Number.isFinite(shape.max) ? { maxItems: shape.max } : {}),
      };
    case 'object': {
      const required = [...shape.properties].filter(([, { missing }]) => !missing).map(([name]) => name);
      return {
        type: 'object',
        properties: Object.fromEntries([...shape.properties].map(([name, type]) => [name, toSchema(type)])),
        ...(required.length === 0 ? {} : { required }),
        ...(shape.rest.unknown
          ? {}
          : { additionalProperties: isNever(shape.rest) ? false : toSchema(shape.rest) }),
      };
    }
    // a function is no JSON value
    case 'function':
      return false;
    default:
      return { type: shape.kind };
  }
}
