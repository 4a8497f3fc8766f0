import { startOfToken } from './position';

/** The syntax tree of JSONata's own parser, with names for what its node types leave implicit. */
export type Ast = AstBody & {
  /** Index of the first character in the expression. */
  readonly start: number;
  /** `[...]` behind the node. */
  readonly filters: readonly Ast[];
  /** The last call of a function, whose sequence the library hands on as it is. */
  readonly tail?: true;
  /** `{...}` behind the node: grouping. */
  readonly group: readonly Pair[] | undefined;
  /** `[]` behind the node: a single value stays an array. */
  readonly keepsArray: boolean;
};
export type Pair = readonly [key: Ast, value: Ast];

export type AstBody =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'path'; readonly steps: readonly Ast[] }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Ast; readonly right: Ast }
  | { readonly type: 'negation'; readonly operand: Ast }
  | { readonly type: 'array'; readonly items: readonly Ast[]; readonly cons: boolean }
  | { readonly type: 'object'; readonly pairs: readonly Pair[] }
  | {
      readonly type: 'condition';
      readonly condition: Ast;
      readonly then: Ast;
      readonly otherwise: Ast | undefined;
      /** Where `?:` or `??` stands, which the library turns into a condition. */
      readonly shortAt: number | undefined;
    }
  | { readonly type: 'block'; readonly expressions: readonly Ast[]; readonly cons: boolean }
  | { readonly type: 'bind'; readonly name: string; readonly value: Ast }
  | { readonly type: 'call'; readonly procedure: Ast; readonly args: readonly Ast[] }
  | { readonly type: 'apply'; readonly left: Ast; readonly right: Ast }
  | { readonly type: 'lambda'; readonly parameters: readonly string[]; readonly body: Ast }
  | { readonly type: 'regex' }
  | { readonly type: 'sort'; readonly terms: readonly Ast[] }
  /** What is not typed: wildcards, descendants, parents, transforms, partial application, `@` and `#`. */
  | { readonly type: 'opaque'; readonly what: string };

/** Reads what `jsonata(text).ast()` gives. */
export function readAst(raw: unknown, text: string): Ast {
  const node = fields(raw);
  if (node['type'] === 'lambda' && node['thunk'] === true) {
    return { ...readAst(node['body'], text), tail: true };
  }
  const read = (inner: unknown): Ast => readAst(inner, text);
  const stages = [...list(node['predicate']), ...list(node['stages'])].map(fields);
  const tuple = node['tuple'] === true || stages.some((stage) => stage['type'] !== 'filter');
  const body: AstBody = tuple ? { type: 'opaque', what: '@ and #' } : readBody(node, read, text);
  return {
    ...body,
    start: startOf(body, node, text),
    filters: stages.map((stage) => read(stage['expr'])),
    group: node['group'] === undefined ? undefined : pairs(fields(node['group'])['lhs'], read),
    keepsArray: node['keepArray'] === true || node['keepSingletonArray'] === true,
  };
}

function readBody(node: Record<string, unknown>, read: (inner: unknown) => Ast, text: string): AstBody {
  const { value } = node;
  switch (node['type']) {
    case 'string':
    case 'number':
    case 'value':
      return { type: 'literal', value: scalar(value) };
    case 'name':
      return { type: 'name', name: String(value) };
    case 'variable':
      return { type: 'variable', name: String(value) };
    case 'path':
      return { type: 'path', steps: list(node['steps']).map(read) };
    case 'binary':
      return { type: 'binary', operator: String(value), left: read(node['lhs']), right: read(node['rhs']) };
    case 'unary':
      if (value === '-') return { type: 'negation', operand: read(node['expression']) };
      if (value === '{') return { type: 'object', pairs: pairs(node['lhs'], read) };
      return { type: 'array', items: list(node['expressions']).map(read), cons: node['consarray'] === true };
    case 'condition':
      return {
        type: 'condition',
        condition: read(node['condition']),
        then: read(node['then']),
        otherwise: node['else'] === undefined ? undefined : read(node['else']),
        shortAt: shortOperator(typeof node['position'] === 'number' ? node['position'] : 0, text),
      };
    case 'block':
      return {
        type: 'block',
        expressions: list(node['expressions']).map(read),
        cons: node['consarray'] === true,
      };
    case 'bind':
      return { type: 'bind', name: String(fields(node['lhs'])['value']), value: read(node['rhs']) };
    case 'function':
      return { type: 'call', procedure: read(node['procedure']), args: list(node['arguments']).map(read) };
    case 'apply':
      return { type: 'apply', left: read(node['lhs']), right: read(node['rhs']) };
    case 'lambda':
      return {
        type: 'lambda',
        parameters: list(node['arguments']).map((parameter) => String(fields(parameter)['value'])),
        body: read(node['body']),
      };
    case 'regex':
      return { type: 'regex' };
    case 'sort':
      return { type: 'sort', terms: list(node['terms']).map((term) => read(fields(term)['expression'])) };
    default:
      return { type: 'opaque', what: String(node['type']) };
  }
}

/** JSONata notes where a token ends, and for an operator nothing else. */
function startOf(body: AstBody, node: Record<string, unknown>, text: string): number {
  switch (body.type) {
    case 'path':
      return body.steps[0]?.start ?? 0;
    case 'binary':
    case 'apply':
      return body.left.start;
    case 'condition':
      return body.condition.start;
    case 'call':
      return body.procedure.start;
    default:
      return startOfToken(body, typeof node['position'] === 'number' ? node['position'] : 0, text);
  }
}

function pairs(value: unknown, read: (inner: unknown) => Ast): Pair[] {
  return list(value).flatMap((pair) =>
    Array.isArray(pair) ? [[read(pair[0]), read(pair[1])] as const] : [],
  );
}

function shortOperator(end: number, text: string): number | undefined {
  return ['?:', '??'].includes(text.slice(end - 2, end)) ? end - 2 : undefined;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function scalar(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
