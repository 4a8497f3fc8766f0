import type { Ast } from './ast';

/** The same text for expressions that differ only in their place. */
export function keyOf(ast: Ast): string {
  const known = keys.get(ast);
  if (known !== undefined) return known;
  const key = JSON.stringify(ast, (name, value: unknown) =>
    name === 'start' || name === 'shortAt' ? undefined : value,
  );
  keys.set(ast, key);
  return key;
}

const keys = new WeakMap<Ast, string>();

/** Whether two evaluations can differ though all that the expression reads is the same. */
export function isPure(ast: Ast): boolean {
  return !/"name":"(random|uuid|shuffle|now|millis|eval)"|"type":"(bind|opaque)"/.test(keyOf(ast));
}
