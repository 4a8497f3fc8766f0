import { areDisjoint } from './compare';
import { join } from './join';
import {
  arrayOf,
  BOOLEAN,
  isNever,
  isUnknown,
  literal,
  NEVER,
  NULL,
  type ObjectShape,
  of,
  type Type,
  UNKNOWN,
} from './type';

/** Reads the schema that a `$ref` names, and the base that its own references are relative to. */
export type ResolveReference = (
  reference: string,
  base: string,
) => { schema: unknown; base: string } | undefined;

/** References nest no deeper than this; a schema that refers to itself is unknown from there on. */
const MAX_DEPTH = 24;

/**
 * The type of the values that a JSON Schema admits. What has no counterpart (`not`, `if`, formats, `uniqueItems`) is
 * left out, which only admits more.
 */
export function fromSchema(schema: unknown, resolve: ResolveReference, base = '', depth = 0): Type {
  if (schema === true || depth > MAX_DEPTH) return UNKNOWN;
  if (schema === false) return NEVER;
  if (!isRecord(schema)) return UNKNOWN;
  const known = read.get(schema);
  if (known !== undefined) return known;
  const type = readSchema(schema, resolve, base, depth);
  read.set(schema, type);
  return type;
}

/** The same schema gives the same object, which makes comparing what came from it cheap. */
const read = new WeakMap<object, Type>();

function readSchema(
  schema: Record<string, unknown>,
  resolve: ResolveReference,
  base: string,
  depth: number,
): Type {
  const inner = (part: unknown): Type => fromSchema(part, resolve, base, depth + 1);
  const parts: Type[] = [];
  if (typeof schema['$ref'] === 'string') {
    const target = resolve(schema['$ref'], base);
    parts.push(target === undefined ? UNKNOWN : fromSchema(target.schema, resolve, target.base, depth + 1));
  }
  if ('const' in schema) parts.push(ofValue(schema['const']));
  if (Array.isArray(schema['enum'])) parts.push(join(schema['enum'].map(ofValue)));
  const alternatives = schema['oneOf'] ?? schema['anyOf'];
  if (Array.isArray(alternatives)) parts.push(join(alternatives.map(inner)));
  if (Array.isArray(schema['allOf'])) parts.push(...schema['allOf'].map(inner));
  parts.push(ofKeywords(schema, inner));
  return parts.reduce(meet);
}

function ofValue(value: unknown): Type {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return literal(value);
  }
  if (Array.isArray(value)) {
    return of({
      kind: 'array',
      prefix: value.map(ofValue),
      rest: NEVER,
      min: value.length,
      max: value.length,
    });
  }
  if (!isRecord(value)) return UNKNOWN;
  const properties = new Map(Object.entries(value).map(([name, member]) => [name, ofValue(member)]));
  return of({ kind: 'object', properties, rest: NEVER });
}

function ofKeywords(schema: Record<string, unknown>, read: (inner: unknown) => Type): Type {
  const stated = schema['type'] ?? impliedType(schema);
  if (stated === undefined) return UNKNOWN;
  return join((Array.isArray(stated) ? stated : [stated]).map((type) => ofType(type, schema, read)));
}

function impliedType(schema: Record<string, unknown>): string | undefined {
  if ('properties' in schema || 'required' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined;
}

function ofType(type: unknown, schema: Record<string, unknown>, read: (inner: unknown) => Type): Type {
  switch (type) {
    case 'null':
      return NULL;
    case 'boolean':
      return BOOLEAN;
    case 'integer':
    case 'number':
      return of({
        kind: 'number',
        integer: type === 'integer',
        min: numberOr(schema['minimum'] ?? schema['exclusiveMinimum'], -Infinity),
        max: numberOr(schema['maximum'] ?? schema['exclusiveMaximum'], Infinity),
      });
    case 'string':
      return of({
        kind: 'string',
        ...(typeof schema['maxLength'] === 'number' ? { maxLength: schema['maxLength'] } : {}),
        ...(typeof schema['pattern'] === 'string' ? { pattern: schema['pattern'] } : {}),
      });
    case 'array': {
      const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].map(read) : [];
      const rest = 'items' in schema ? read(schema['items']) : UNKNOWN;
      const min = numberOr(schema['minItems'], 0);
      const max = schema['items'] === false ? prefix.length : numberOr(schema['maxItems'], Infinity);
      return prefix.length === 0 ? arrayOf(rest, min, max) : of({ kind: 'array', prefix, rest, min, max });
    }
    case 'object':
      return of(ofObject(schema, read));
    default:
      return UNKNOWN;
  }
}

function ofObject(schema: Record<string, unknown>, read: (inner: unknown) => Type): ObjectShape {
  const stated = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required'])
    ? schema['required'].filter((name) => typeof name === 'string')
    : [];
  const extra = schema['additionalProperties'] ?? schema['unevaluatedProperties'];
  const rest = 'patternProperties' in schema ? UNKNOWN : read(extra ?? true);
  const properties = new Map<string, Type>();
  for (const name of new Set([...Object.keys(stated), ...required])) {
    const type = name in stated ? read(stated[name]) : rest;
    properties.set(name, type.unknown ? type : { ...type, missing: !required.includes(name) });
  }
  return { kind: 'object', properties, rest };
}

/** Values that belong to both; where that is hard to tell, all of the one that says more. */
function meet(one: Type, other: Type): Type {
  if (isUnknown(one)) return other;
  if (isUnknown(other)) return one;
  const shapes = one.shapes.flatMap((left) =>
    other.shapes.flatMap((right) => {
      if (areDisjoint(left, right)) return [];
      if (left.kind === 'object' && right.kind === 'object') return [meetObjects(left, right)];
      return [specificity(left) >= specificity(right) ? left : right];
    }),
  );
  return join(shapes.map((shape) => of(shape)));
}

const specificity = (shape: object): number =>
  Object.values(shape).filter((part) => part !== undefined).length;

function meetObjects(one: ObjectShape, other: ObjectShape): ObjectShape {
  const properties = new Map<string, Type>();
  for (const name of new Set([...one.properties.keys(), ...other.properties.keys()])) {
    const [left, right] = [one.properties.get(name), other.properties.get(name)];
    if (left === undefined || right === undefined) {
      const type = left ?? right ?? UNKNOWN;
      properties.set(name, type);
    } else {
      const both = meet(left, right);
      properties.set(name, both.unknown ? both : { ...both, missing: left.missing && right.missing });
    }
  }
  const rest = isNever(one.rest) || isNever(other.rest) ? NEVER : meet(one.rest, other.rest);
  return { kind: 'object', properties, rest };
}

const numberOr = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
