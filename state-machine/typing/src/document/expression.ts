import jsonata from 'jsonata';
import { type Ast, readAst } from '../jsonata/ast';
import type { Node, ScalarNode } from './node';

/** A JSONata expression in a definition. */
export interface Expression {
  readonly text: string;
  readonly ast: Ast | undefined;
  /** Why it does not parse, and at which character. */
  readonly error: { readonly message: string; readonly at: number } | undefined;
  /** Where in the file the character of `text` at this index stands. */
  readonly at: (index: number) => number;
}

const cache = new WeakMap<ScalarNode, Expression>();

/** The expression between `{%` and `%}` if the node is one; Step Functions takes nothing before or after these. */
export function expressionOf(node: Node | undefined): Expression | undefined {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  if (!node.value.startsWith('{%') || !node.value.endsWith('%}')) return undefined;
  const known = cache.get(node);
  if (known !== undefined) return known;
  const expression = parse(node.value.slice(2, -2), (index) => node.at(index + 2));
  cache.set(node, expression);
  return expression;
}

function parse(text: string, at: (index: number) => number): Expression {
  try {
    return { text, ast: readAst(jsonata(text).ast(), text), error: undefined, at };
  } catch (error) {
    return { text, ast: undefined, error: explain(error), at };
  }
}

/** JSONata throws plain objects: message, and position after the token it stumbled over. */
function explain(error: unknown): { message: string; at: number } {
  const details: { message?: unknown; position?: unknown; token?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  const stated =
    typeof details.token === 'string' || typeof details.token === 'number' ? String(details.token) : '';
  const token = stated === '(end)' ? '' : stated;
  const position = typeof details.position === 'number' ? details.position : 0;
  return {
    message: typeof details.message === 'string' ? details.message : 'it is no JSONata',
    at: Math.max(0, position - token.length),
  };
}
