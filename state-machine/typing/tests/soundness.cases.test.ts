/** Expressions that random runs found typed too narrowly, one of each kind, with the value that told. */
import { describe, expect, it } from '@jest/globals';
import { describe as inWords } from '../src/types/describe';
import type { Schema } from './arbitraries';
import { evaluated, inferred, typeOf } from './evaluated';
import { fits } from './fits';

interface Case {
  readonly kind: string;
  readonly expression: string;
  readonly schema: Schema;
  readonly input: unknown;
  /** What the library gives; `undefined` is nothing. */
  readonly value: unknown;
}

const text: Schema = { type: 'string' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const optional = (a: Schema): Schema => ({
  type: 'object',
  properties: { a },
  additionalProperties: false,
});
const holding = (a: Schema): Schema => ({ ...optional(a), required: ['a'] });
const flag = holding({ type: 'boolean' });

const cases: readonly Case[] = [
  {
    kind: 'a group behind a filter is one value to the path',
    expression: '($v := $states.input; $v[$exists(a)]{ "k": $states.input }^(a))',
    schema: text,
    input: 'x',
    value: { k: 'x' },
  },
  {
    kind: 'an array that exists may have no items',
    expression: '$exists($states.input) ? $states.input.{ "a": 1 }',
    schema: list(text),
    input: [],
    value: undefined,
  },
  {
    kind: 'a text is true for a value of any kind',
    expression: '$states.input[a & 1]',
    schema: text,
    input: 'x',
    value: 'x',
  },
  {
    kind: 'a group is an object, which [] leaves as it is',
    expression: '($v := $states.input; $v[0]{ "k": a }[])',
    schema: flag,
    input: { a: true },
    value: { k: true },
  },
  {
    kind: 'an array built by a step stays one where the path goes on with it',
    expression: '$states.input.($states.input.[["x"]])^(a)',
    schema: text,
    input: '',
    value: [['x']],
  },
  {
    kind: 'an array built by a step stays one in a variable',
    expression: '($v := $states.input.["x"]; $states.input.($v)^($))',
    schema: text,
    input: '',
    value: ['x'],
  },
  {
    kind: 'an array of one item that [] kept is opened by a path',
    expression: '($v := $states.input.a[]; $states.input.($v))',
    schema: flag,
    input: { a: true },
    value: true,
  },
  {
    kind: 'an array of one item that [] kept stays one where equal items are taken out',
    expression: '$distinct($states.input[])',
    schema: text,
    input: 'x',
    value: ['x'],
  },
  {
    kind: 'an array built in front of a path is evaluated once, for all items',
    expression: '$states.input.([0].($))',
    schema: { ...list({ ...list(text), minItems: 2 }), minItems: 1 },
    input: [['x', 'y']],
    value: 0,
  },
  {
    kind: 'a path over an empty array built in front of it is that array',
    expression: '[].a',
    schema: text,
    input: '',
    value: [],
  },
  {
    kind: 'a path finds nothing in the only item that a filter left of an array built in front of it',
    expression: '[$states.input][0].a',
    schema: flag,
    input: { a: true },
    value: undefined,
  },
  {
    kind: 'a path ends with an empty array that a filter took out of what was sorted',
    expression: '$states.input.($states.input.[a, b])^(a)[0].($exists(a))',
    schema: text,
    input: '',
    value: [],
  },
  {
    kind: 'an array inside an array is left out where a filter left nothing of it',
    expression: '[[$states.input][1]]',
    schema: text,
    input: '',
    value: [],
  },
  {
    kind: 'a sequence that was reversed is none any more, and stays an array where equal items are taken out',
    expression: '$distinct($reverse($map([1, 2], function($v) { $states.input })))',
    schema: holding(text),
    input: { a: 'x' },
    value: [{ a: 'x' }],
  },
  {
    kind: 'an empty array that is grouped gets an item that is nothing, and its variable with it',
    expression: '($v := []; $v{ "k": 1 }; $count($v))',
    schema: text,
    input: '',
    value: 1,
  },
  {
    kind: 'an empty array that is grouped is the same by another name and where it was read from',
    expression: '($v := $states.input.a; $v{ "k": 1 }; $count($states.input.a))',
    schema: holding({ ...list(text), maxItems: 0 }),
    input: { a: [] },
    value: 1,
  },
  {
    kind: 'a condition in front of the group does not say that the array is empty behind it',
    expression: '$count($states.input) = 0 ? ($states.input{ "k": 1 }; $count($states.input))',
    schema: list(text),
    input: [],
    value: 1,
  },
  {
    kind: 'an item that is an empty array is filled where an object is made of it',
    expression: '[[]].({ "k": 1 }; $count($))',
    schema: text,
    input: '',
    value: 1,
  },
  {
    kind: 'a function fills an empty array, whoever calls it',
    expression: '($v := $states.input; $sort([1, 2], function($l, $r) { ($v{ "k": 1 }; true) }); $count($v))',
    schema: { ...list(text), maxItems: 0 },
    input: [],
    value: 1,
  },
  {
    kind: 'nothing passes a filter that is true for everything, and [] keeps it as an item',
    expression: '$map($states.input.a[a or 1][], function($v) { $exists($v) })',
    schema: optional(text),
    input: {},
    value: false,
  },
  {
    kind: 'nothing that has passed a filter is an item to the next step',
    expression: '$states.input.a[true].($exists($))',
    schema: optional(text),
    input: {},
    value: false,
  },
  {
    kind: 'nothing is at the place 0 that a filter computes',
    expression: '$states.input.a[0 + 0].($exists($))',
    schema: optional(text),
    input: {},
    value: false,
  },
  {
    kind: 'nothing that has passed a filter of a variable is an item',
    expression: '($v := $states.input.a; $map($v[true][], function($v) { $exists($v) }))',
    schema: optional(text),
    input: {},
    value: false,
  },
  {
    kind: 'of several items each that lacks the property passes as nothing',
    expression: '$map($states.input.a[true], function($v) { $exists($v) })',
    schema: list(optional(text)),
    input: [{}, {}, { a: 'x' }],
    value: [false, false, true],
  },
];

describe('the value that the library gives', () => {
  it.each(cases)('is of the type inferred: $kind', async ({ expression, schema, input, value }) => {
    const type = inferred(expression, typeOf(schema));
    const outcome = await evaluated(expression, input);
    expect(outcome === 'fails' ? outcome : plain(outcome.value)).toEqual(value);
    expect([inWords(type, 9), fits(value, type)]).toEqual([expect.anything(), true]);
  });
});

/** Without the prototypes and marks of the library. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
