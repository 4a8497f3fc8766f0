/** What the inference says of an expression, and what the reference library makes of it. */
import jsonata from 'jsonata';
import { readAst } from '../src/jsonata/ast';
import { infer } from '../src/jsonata/infer';
import { topScope } from '../src/jsonata/scope';
import { fromSchema } from '../src/types/fromSchema';
import { object, type Type } from '../src/types/type';
import type { Schema } from './arbitraries';

export const typeOf = (schema: Schema): Type => fromSchema(schema, () => undefined);

export function inferred(text: string, input: Type): Type {
  const ast = readAst(jsonata(text).ast(), text);
  const nothing = () => undefined;
  return infer(ast, topScope(ast, new Map([['states', object({ input })]]), new Set(), nothing, nothing));
}

export type Outcome = { value: unknown } | 'fails';
export async function evaluated(text: string, input: unknown): Promise<Outcome> {
  try {
    const value: unknown = await jsonata(text).evaluate(undefined, {
      states: { input: structuredClone(input) },
    });
    return isJson(value) ? { value } : 'fails';
  } catch {
    return 'fails';
  }
}

/**
 * Step Functions fails where a result is a function or no finite number. The library also puts `undefined` into an empty
 * array of its input when it maps it to an object, so that `[[]].{"a": a}` leaves `[[undefined]]` behind: no JSON either.
 */
function isJson(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isJson(item));
  if (typeof value !== 'object' || value === null) return true;
  return !('_jsonata_lambda' in value || '_jsonata_function' in value) && Object.values(value).every(isJson);
}
