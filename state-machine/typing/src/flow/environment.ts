import { isSubtype } from '../types/compare';
import { join, widen } from '../types/join';
import { object, optional, STRING, type Type } from '../types/type';

/** What holds when a state is entered: the type of its input and of each variable. A `missing` one may be unassigned. */
export interface Environment {
  readonly input: Type;
  readonly variables: ReadonlyMap<string, Type>;
}

/** What a catcher gets; an error need not have a cause. */
export const ERROR_OUTPUT = object({ Error: STRING, Cause: optional(STRING) });

/** What holds where two ways meet; `grow` widens, so that a loop ends. */
export function merge(before: Environment, after: Environment, grow: boolean): Environment {
  const combine = grow ? widen : (one: Type, other: Type): Type => join([one, other]);
  const names = new Set([...before.variables.keys(), ...after.variables.keys()]);
  const variables = new Map<string, Type>();
  for (const name of names) {
    const [one, other] = [before.variables.get(name), after.variables.get(name)];
    variables.set(
      name,
      one === undefined || other === undefined ? absent(one ?? other) : combine(one, other),
    );
  }
  return { input: combine(before.input, after.input), variables };
}

const absent = (type: Type | undefined): Type => optional(type ?? STRING);

export function isWithin(inner: Environment, outer: Environment): boolean {
  if (!isSubtype(inner.input, outer.input)) return false;
  const names = new Set([...inner.variables.keys(), ...outer.variables.keys()]);
  return [...names].every((name) => {
    const [one, other] = [inner.variables.get(name), outer.variables.get(name)];
    if (other === undefined) return false;
    return one === undefined ? other.missing : isSubtype(one, other);
  });
}
