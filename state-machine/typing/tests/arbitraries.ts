/** Random schemas, values that they admit, and expressions over them. */
import fc from 'fast-check';

const NAMES = ['a', 'b', 'c'] as const;
const WORDS = ['x', 'y', 'z'] as const;

export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
}

const scalar: fc.Arbitrary<Schema> = fc.constantFrom<Schema>(
  { type: 'string' },
  { type: 'integer' },
  { type: 'integer', minimum: 0 },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'null' },
  { const: 'x' },
  { enum: ['x', 'y'] },
  { const: 1 },
);

export const schemas: fc.Arbitrary<Schema> = fc.letrec<{
  any: Schema;
  object: Schema;
  array: Schema;
  union: Schema;
}>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    tie('object'),
    tie('object'),
    tie('array'),
    tie('union'),
  ),
  object: fc
    .record({
      properties: fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 3 }),
      required: fc.subarray([...NAMES]),
      open: fc.constantFrom<boolean | Schema>(false, false, true, { type: 'integer' }),
    })
    .map(({ properties, required, open }) => ({
      type: 'object',
      properties: { ...properties },
      required: required.filter((name) => name in properties),
      additionalProperties: open,
    })),
  array: fc
    .tuple(tie('any'), fc.constantFrom(0, 0, 1))
    .map(([items, minItems]) => ({ type: 'array', items, minItems })),
  union: fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map((anyOf) => ({ anyOf })),
})).any;

/** A value that the schema admits. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  const { items = {}, properties = {}, required = [], additionalProperties: rest = true } = schema;
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  switch (schema.type) {
    case 'string':
      return fc.oneof(fc.constantFrom(...WORDS, ''), fc.string({ maxLength: 4 }));
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -3, max: 4 });
    case 'number':
      return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, -1.25));
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(items), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'object': {
      const members = Object.entries(properties).map(([name, inner]) => [name, valuesOf(inner)] as const);
      const known = fc.record(Object.fromEntries(members), { requiredKeys: required });
      if (rest === false) return known.map((value) => ({ ...value }));
      const others = rest === true ? fc.jsonValue({ maxDepth: 1 }) : valuesOf(rest);
      const free = NAMES.filter((name) => !(name in properties));
      const added = fc.dictionary(fc.constantFrom('d', ...free), others, { maxKeys: 1 });
      return fc.tuple(known, added).map(([value, more]) => ({ ...more, ...value }));
    }
    default:
      return fc.constant(null);
  }
}

const ROOT = '$states.input';
const FUNCTIONS = [
  'count', 'exists', 'type', 'string', 'sum', 'max', 'min', 'average', 'keys', 'distinct', 'reverse', 'sort', 'boolean', 'not', 'merge',
  'number', 'abs', 'floor', 'round', 'uppercase', 'length', 'trim', 'shuffle', 'spread', 'formatBase', 'sqrt',
]; // prettier-ignore
const BINARY = ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in'];
const LITERALS = [
  '1',
  '0',
  '-2',
  '0.5',
  '"x"',
  '"y"',
  '""',
  'true',
  'false',
  'null',
  '[]',
  '{}',
  '[1, 2]',
  '["x"]',
];

/** What else a path starts with: arrays and blocks that it builds itself. */
const ROOTS = [
  '[$states.input]',
  '[$states.input.a, 1]',
  '[]',
  '($states.input)',
  '($states.input.[a, b])',
  '{ "a": $v }',
];

/** Expressions over `$states.input`; `inner` ones stand in a filter or a step and may read the context. */
export const expressions: fc.Arbitrary<string> = fc.letrec<{
  any: string; path: string; inner: string; test: string;
}>((tie) => ({
  path: fc
    .tuple(
      fc.constantFrom(ROOT, ROOT, ROOT, '$v', ...ROOTS),
      fc.array(
        fc.oneof(
          fc.constantFrom(...NAMES).map((name) => `.${name}`),
          fc.constantFrom(...NAMES).map((name) => `.${name}`),
          fc.constantFrom('[0]', '[-1]', '[1]', '[]'),
          tie('inner').map((filter) => `[${filter}]`),
          tie('inner').map((step) => `.(${step})`),
          fc.tuple(fc.constantFrom(...NAMES), tie('inner')).map(([name, value]) => `.{ "${name}": ${value} }`),
          tie('inner').map((item) => `.[${item}]`),
          fc.constantFrom(...NAMES).map((name) => `^(${name})`),
          fc.tuple(fc.constantFrom('"k"', ...NAMES), tie('inner')).map(([name, value]) => `{ ${name}: ${value} }`),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([root, steps]) => root + steps.join('')),
  inner: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...NAMES, '$', '$.a', ...LITERALS),
    fc.tuple(fc.constantFrom(...NAMES, '$'), fc.constantFrom(...BINARY), fc.constantFrom(...LITERALS, ...NAMES)).map((parts) => parts.join(' ')),
    fc.constantFrom(...NAMES, '$').map((name) => `$exists(${name})`),
    tie('any'),
  ),
  test: fc.oneof(
    { maxDepth: 3 },
    tie('path').map((path) => `$exists(${path})`),
    fc.tuple(tie('path'), fc.constantFrom('=', '!=', '<', '>=', 'in'), fc.constantFrom(...LITERALS)).map((parts) => parts.join(' ')),
    fc.tuple(tie('path'), fc.constantFrom('string', 'number', 'object', 'array', 'null', 'boolean')).map(([path, kind]) => `$type(${path}) = "${kind}"`),
    fc.tuple(tie('path'), fc.constantFrom('> 0', '= 1', '>= 2', '!= 0', '< 2')).map(([path, rest]) => `$count(${path}) ${rest}`),
    fc.tuple(tie('test'), fc.constantFrom('and', 'or'), tie('test')).map((parts) => parts.join(' ')),
    tie('test').map((test) => `$not(${test})`),
    tie('path'),
  ),
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('path'),
    tie('path'),
    fc.constantFrom(...LITERALS),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie('any')).map(([name, arg]) => `$${name}(${arg})`),
    fc.tuple(tie('any'), fc.constantFrom(...FUNCTIONS)).map(([arg, name]) => `(${arg}) ~> $${name}()`),
    fc.tuple(tie('any'), fc.constantFrom(...BINARY), tie('any')).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(tie('test'), tie('any'), tie('any')).map(([test, then, other]) => `(${test} ? ${then} : ${other})`),
    fc.tuple(tie('test'), tie('any')).map(([test, then]) => `(${test} ? ${then})`),
    fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `{ "a": ${a}, "b": ${b} }`),
    fc.tuple(tie('any'), tie('any')).map(([one, other]) => `$append(${one}, ${other})`),
    fc.tuple(tie('any'), tie('any')).map(([one, other]) => `$zip(${one}, ${other})`),
    fc.tuple(tie('any'), fc.constantFrom('"a"', '"b"')).map(([one, name]) => `$lookup(${one}, ${name})`),
    fc.tuple(tie('any'), tie('any')).map(([list, body]) => `$map(${list}, function($v, $i) { ${body} })`),
    fc.tuple(tie('any'), tie('test')).map(([list, test]) => `$filter(${list}, function($v) { ${test} })`),
    fc.tuple(tie('any'), tie('any')).map(([list, body]) => `$reduce(${list}, function($v, $w) { ${body} })`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([list, body, first]) => `$reduce(${list}, function($v, $w) { ${body} }, ${first})`),
    fc.tuple(tie('any'), tie('any')).map(([value, body]) => `$each(${value}, function($v, $k) { ${body} })`),
    fc.tuple(tie('any'), tie('test')).map(([value, test]) => `$sift(${value}, function($v) { ${test} })`),
    fc.tuple(tie('any'), tie('any')).map(([value, body]) => `($v := ${value}; ${body})`),
    fc.tuple(tie('any'), tie('path'), tie('any')).map(([value, between, body]) => `($v := ${value}; ${between}; ${body})`),
    fc.tuple(fc.constantFrom('0', '1', '$count($states.input.a)'), fc.constantFrom('2', '0', '$states.input.b')).map(([from, to]) => `[${from}..${to}]`),
    tie('any').map((value) => `-(${value})`),
  ),
})).any; // prettier-ignore
