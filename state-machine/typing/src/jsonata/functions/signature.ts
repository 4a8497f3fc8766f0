import {
  type FunctionShape,
  isMissing,
  type Kind,
  MISSING,
  optional,
  type Type,
  UNKNOWN,
} from '../../types/type';
import type { BuiltIn, Parameter } from './table';

const KINDS: Readonly<Record<string, Kind>> = {
  s: 'string',
  n: 'number',
  b: 'boolean',
  l: 'null',
  o: 'object',
  a: 'array',
  f: 'function',
};

/**
 * A built-in function. The signature is written as in JSONata's own (https://docs.jsonata.org/embedding-extending#function-signature-syntax),
 * one word a parameter: `s-` string or the context, `n?` optional number, `a<n>` numbers, `sf` string or function, `x` anything.
 */
export function builtIn(signature: string, result: BuiltIn['result']): BuiltIn {
  const words = signature.split(' ').filter((word) => word !== '');
  return { parameters: words.map(parameter), variadic: signature.endsWith('+'), result };
}

function parameter(word: string): Parameter {
  const list = word.startsWith('a');
  const letters = list ? (/^a<(\w+)>/.exec(word)?.[1] ?? 'x') : word.replace(/[-?+]/g, '');
  const accepts = letters.includes('x') ? [] : Array.from(letters, (letter) => KINDS[letter] ?? 'null');
  return { accepts, list, optional: word.endsWith('?'), contextual: word.includes('-') };
}

/** For a function that gives nothing where its first argument is nothing. */
export function given(first: Type | undefined, result: Type): Type {
  if (first === undefined || isMissing(first)) return MISSING;
  if (first.unknown) return UNKNOWN;
  return first.missing ? optional(result) : result;
}

/** As `builtIn`, for a function whose result has one type whatever the arguments are. */
export const giving = (signature: string, type: Type): BuiltIn =>
  builtIn(signature, ([first]) => given(first, type));

/** An argument that is a function and nothing else. */
export function functionOf(type: Type | undefined): FunctionShape | undefined {
  const [shape, ...others] = type?.shapes ?? [];
  return shape?.kind === 'function' && others.length === 0 ? shape : undefined;
}
