import type { Kind, Type } from '../../types/type';
import type { Ast } from '../ast';
import { ARRAYS } from './arrays';
import { HIGHER_ORDER } from './higherOrder';
import { NUMBERS } from './numbers';
import { OBJECTS } from './objects';
import { STEP_FUNCTIONS } from './stepFunctions';
import { STRINGS } from './strings';

export interface Parameter {
  /** Kinds of values that the parameter takes; none stands for every kind. */
  readonly accepts: readonly Kind[];
  /** Takes an array of these kinds (or one of them, which JSONata makes an array). */
  readonly list: boolean;
  readonly optional: boolean;
  /** The context stands in when the call has too few arguments. */
  readonly contextual: boolean;
}

export interface BuiltIn {
  readonly parameters: readonly Parameter[];
  readonly variadic: boolean;
  /** Why Step Functions refuses it. */
  readonly unsupported?: string;
  readonly result: (args: readonly Type[], asts: readonly Ast[], fromContext: boolean) => Type;
}

const FUNCTIONS: ReadonlyMap<string, BuiltIn> = new Map(
  Object.entries({ ...STRINGS, ...NUMBERS, ...ARRAYS, ...OBJECTS, ...HIGHER_ORDER, ...STEP_FUNCTIONS }),
);

export const functionNamed = (name: string): BuiltIn | undefined => FUNCTIONS.get(name);
export const isFunctionName = (name: string): boolean => FUNCTIONS.has(name);
