import { isDisjoint } from '../types/compare';
import { describe, describeShape } from '../types/describe';
import {
  BOOLEAN,
  constantOf,
  isMissing,
  isNever,
  literal,
  MISSING,
  NEVER,
  of,
  optional,
  type Shape,
  STRING,
  type Type,
  UNKNOWN,
} from '../types/type';
import { arithmetic } from './arithmetic';
import type { Ast } from './ast';
import { infer } from './infer';
import { assume, truthOf } from './narrow';
import type { Scope } from './scope';
import { spread, unwrap } from './sequence';

export function inferBinary(ast: Ast & { type: 'binary' }, scope: Scope): Type {
  const left = infer(ast.left, scope);
  const { operator } = ast;
  if (operator === 'and' || operator === 'or') return inferLogical(ast, left, scope);
  const right = infer(ast.right, scope);
  if (isNever(left) || isNever(right)) return NEVER;
  switch (operator) {
    case '=':
    case '!=':
      return equality(left, right, operator === '=');
    case 'in':
      return membership(left, right);
    case '&':
      return concatenation(left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(ast, left, right, scope);
    case '..':
      return range(ast, left, right, scope);
    default:
      return numeric(ast, left, right, scope);
  }
}

export function inferNegation(operand: Ast, scope: Scope): Type {
  const type = infer(operand, scope);
  if (!isOperand(type, ['number'], operand, '-', scope)) return UNKNOWN;
  return arithmetic('-', literal(0), type);
}

function inferLogical(ast: Ast & { type: 'binary' }, left: Type, scope: Scope): Type {
  const conjunction = ast.operator === 'and';
  const first = truthOf(left);
  const right = infer(ast.right, assume(ast.left, scope, conjunction));
  if (first === !conjunction) return literal(first);
  const second = truthOf(right);
  if (first === conjunction && second !== undefined) return literal(second);
  return second === !conjunction ? literal(second) : BOOLEAN;
}

/** Both `=` and `!=` are false where a side is missing. */
function equality(left: Type, right: Type, same: boolean): Type {
  if (isMissing(left) || isMissing(right)) return literal(false);
  const [one, other] = [constantOf(left), constantOf(right)];
  if (one !== undefined && other !== undefined) return literal((one === other) === same);
  const never = isDisjoint({ ...left, missing: false }, { ...right, missing: false });
  if (!never) return BOOLEAN;
  if (same) return literal(false);
  return left.missing || right.missing ? BOOLEAN : literal(true);
}

function membership(left: Type, right: Type): Type {
  if (isMissing(left) || isMissing(right)) return literal(false);
  const { item } = spread(right);
  return isDisjoint({ ...left, missing: false }, { ...item, missing: false }) ? literal(false) : BOOLEAN;
}

function concatenation(left: Type, right: Type): Type {
  const [one, other] = [constantOf(left), constantOf(right)];
  return typeof one === 'string' && typeof other === 'string' ? literal(one + other) : STRING;
}

function comparison(ast: Ast & { type: 'binary' }, left: Type, right: Type, scope: Scope): Type {
  const kinds: readonly Shape['kind'][] = ['number', 'string'];
  const { operator } = ast;
  if (!isOperand(left, kinds, ast.left, operator, scope)) return UNKNOWN;
  if (!isOperand(right, kinds, ast.right, operator, scope)) return UNKNOWN;
  if (left.unknown || right.unknown) return UNKNOWN;
  const [one] = left.shapes;
  const [other] = right.shapes;
  if (one === undefined || other === undefined) return MISSING;
  const mixed = [...left.shapes, ...right.shapes].find(({ kind }) => kind !== one.kind);
  if (mixed !== undefined) {
    scope.remark({
      check: 'operand',
      at: ast.start,
      message: `${operator} compares ${describe({ ...left, missing: false }, 1)} with ${describe({ ...right, missing: false }, 1)}, which fails`,
      mend: 'compare numbers with numbers or strings with strings ($number, $string)',
    });
    return UNKNOWN;
  }
  const verdict = ordered(operator, left, right);
  const type = verdict === undefined ? BOOLEAN : literal(verdict);
  return left.missing || right.missing ? optional(type) : type;
}

/** The verdict if the bounds of two numbers decide it. */
function ordered(operator: string, left: Type, right: Type): boolean | undefined {
  const bounds = (type: Type): { min: number; max: number } | undefined => {
    const numbers = type.shapes.flatMap((shape) => (shape.kind === 'number' ? [shape] : []));
    if (numbers.length !== type.shapes.length) return undefined;
    return {
      min: Math.min(...numbers.map(({ min }) => min)),
      max: Math.max(...numbers.map(({ max }) => max)),
    };
  };
  const [a, b] = [bounds(left), bounds(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '<':
      return a.max < b.min ? true : a.min >= b.max ? false : undefined;
    case '<=':
      return a.max <= b.min ? true : a.min > b.max ? false : undefined;
    case '>':
      return a.min > b.max ? true : a.max <= b.min ? false : undefined;
    default:
      return a.min >= b.max ? true : a.max < b.min ? false : undefined;
  }
}

function range(ast: Ast & { type: 'binary' }, left: Type, right: Type, scope: Scope): Type {
  if (!isOperand(left, ['number'], ast.left, '..', scope)) return UNKNOWN;
  if (!isOperand(right, ['number'], ast.right, '..', scope)) return UNKNOWN;
  const [from] = left.shapes;
  const [to] = right.shapes;
  if (from?.kind !== 'number' || to?.kind !== 'number' || left.shapes.length + right.shapes.length > 2) {
    const item = of({ kind: 'number', integer: true, min: -Infinity, max: Infinity });
    return unwrap({ item, min: 0, max: Infinity });
  }
  const item = of({ kind: 'number', integer: true, min: from.min, max: to.max });
  const least = left.missing || right.missing ? 0 : Math.max(0, to.min - from.max + 1);
  const most = Math.max(0, to.max - from.min + 1);
  return unwrap({
    item: from.min > to.max ? NEVER : item,
    min: Number.isNaN(least) ? 0 : Math.floor(least),
    max: Number.isNaN(most) ? Infinity : Math.floor(most),
  });
}

function numeric(ast: Ast & { type: 'binary' }, left: Type, right: Type, scope: Scope): Type {
  const { operator } = ast;
  const fine =
    isOperand(left, ['number'], ast.left, operator, scope) &&
    isOperand(right, ['number'], ast.right, operator, scope);
  return fine ? arithmetic(operator, left, right) : UNKNOWN;
}

/** Tells when a value that the operand may have makes the operator fail. */
function isOperand(
  type: Type,
  kinds: readonly Shape['kind'][],
  ast: Ast,
  operator: string,
  scope: Scope,
): boolean {
  const wrong = type.shapes.find(({ kind }) => !kinds.includes(kind));
  if (wrong === undefined) return type.unknown !== 'reported';
  scope.remark({
    check: 'operand',
    at: ast.start,
    message: `${operator} takes ${kinds.join(' or ')}, and this may be ${describeShape(wrong, 1)}`,
    mend: `convert it or ask for its $type first`,
  });
  return false;
}
