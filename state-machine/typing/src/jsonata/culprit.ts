import type { Ast } from './ast';

/** The node because of which an expression may have no value, out of those that were seen to miss. */
export function culpritOf(ast: Ast, missed: ReadonlySet<Ast>): Ast {
  if (missed.has(ast)) return ast;
  if (ast.filters.length > 0) {
    const filter = ast.filters.find((inner) => missed.has(inner));
    if (filter !== undefined) return ast;
  }
  const candidates = partsOf(ast);
  const guilty = candidates.map((part) => culpritOf(part, missed)).find((part) => missed.has(part));
  return guilty ?? ast;
}

/** The parts whose value becomes the value of the node, or without which it has none. */
function partsOf(ast: Ast): readonly Ast[] {
  switch (ast.type) {
    case 'path':
      return ast.steps;
    case 'binary':
    case 'apply':
      return [ast.left, ast.right];
    case 'negation':
      return [ast.operand];
    case 'condition':
      return [ast.then, ...(ast.otherwise === undefined ? [] : [ast.otherwise])];
    case 'block':
      return ast.expressions.slice(-1);
    case 'bind':
      return [ast.value];
    case 'call':
      return ast.args;
    default:
      return [];
  }
}
