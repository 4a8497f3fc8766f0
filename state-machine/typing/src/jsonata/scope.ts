import { MISSING, type Type } from '../types/type';
import type { Ast } from './ast';
import { followFilling } from './filling';
import { keyOf } from './key';

/** What an expression is wrong about, at an index of its text. */
export interface Remark {
  readonly check: 'syntax' | 'property' | 'variable' | 'call' | 'operand' | 'context';
  readonly at: number;
  readonly message: string;
  readonly mend: string;
}

/** What an expression can see. Immutable: a block, a branch or a step looks at its own. */
export interface Scope {
  /** No item of a path or filter, where Step Functions has no context. */
  readonly top: boolean;
  /** What names are looked up in: `$`. */
  readonly context: Type;
  readonly variables: ReadonlyMap<string, Type>;
  /** Variables of the expression itself; the others are the machine's. */
  readonly locals: ReadonlySet<string>;
  /** Inside `$exists`: what may be missing is no defect. */
  readonly guarded: boolean;
  /** Names that the expression binds; a function may read one before it is typed. */
  readonly bound: ReadonlySet<string>;
  /** Names bound at several places or under a condition: not followed. */
  readonly volatile: ReadonlySet<string>;
  /** Expressions (by key) that have a value here, because a condition said so. */
  readonly facts: ReadonlySet<string>;
  readonly remark: (remark: Remark) => void;
  /** Called with every step that may find nothing in a value that is there. */
  readonly mayMiss: (step: Ast) => void;
  /** Called where the expression may change an empty array, while `followFilling` asks whether it does. */
  readonly fills: (() => void) | undefined;
  /** A type with what became of its empty arrays. */
  readonly holds: (type: Type) => Type;
}

export const silently = (scope: Scope): Scope => ({
  ...scope,
  remark: () => undefined,
  mayMiss: () => undefined,
});

export const within = (scope: Scope, context: Type): Scope => ({ ...scope, context, top: false });

export function withVariables(scope: Scope, added: readonly (readonly [string, Type])[]): Scope {
  const variables = new Map([...scope.variables, ...added]);
  const locals = new Set([...scope.locals, ...added.map(([name]) => name)]);
  return { ...scope, variables, locals, facts: new Set() };
}

/** A scope for one expression over these variables; at the top level there is no context. */
export function topScope(
  ast: Ast,
  variables: ReadonlyMap<string, Type>,
  facts: ReadonlySet<string>,
  remark: Scope['remark'],
  mayMiss: Scope['mayMiss'],
): Scope {
  const key = keyOf(ast);
  const binds = [...key.matchAll(/"type":"bind","name":"([^"]*)"/g)].map(([, name]) => String(name));
  // a statement of a block stands behind `[` or `,` of its list; anything else binds under a condition or in an argument
  const statements = [...key.matchAll(/(?:"expressions":\[|\},)\{"type":"bind","name":"([^"]*)"/g)].map(
    ([, name]) => String(name),
  );
  const volatile = binds.filter(
    (name) =>
      binds.filter((other) => other === name).length > 1 || !statements.includes(name) || variables.has(name),
  );
  return followFilling(ast, {
    top: true,
    context: MISSING,
    variables,
    locals: new Set(),
    guarded: false,
    bound: new Set(binds),
    volatile: new Set(volatile),
    facts,
    remark,
    mayMiss,
    fills: undefined,
    holds: (type) => type,
  });
}
