import {
  BOOLEAN,
  INTEGER,
  isMissing,
  literal,
  MISSING,
  NUMBER,
  of,
  STRING,
  type Type,
} from '../../types/type';
import { spread } from '../sequence';
import { truthOf } from '../narrow';
import { builtIn, given, giving } from './signature';

const NON_NEGATIVE = of({ kind: 'number', integer: false, min: 0, max: Infinity });

/** Integers stay integers in a sum, a maximum, an absolute value. */
function likeItems(type: Type): Type {
  const { item } = spread(type);
  const integer = !item.unknown && item.shapes.every((shape) => shape.kind === 'number' && shape.integer);
  return integer ? INTEGER : NUMBER;
}

/** Of no numbers there is no greatest, least or average. */
function ofSome(list: Type | undefined, result: Type): Type {
  if (list === undefined || isMissing(list)) return MISSING;
  const none = spread(list).min === 0;
  return given(list, none && !list.unknown ? { ...result, missing: true } : result);
}

export const NUMBERS = {
  number: builtIn('nsb-', ([first]) =>
    given(first, first !== undefined && isNumeric(first) ? first : NUMBER),
  ),
  abs: builtIn('n-', ([first]) =>
    given(first, first !== undefined && isInteger(first) ? INTEGER : NON_NEGATIVE),
  ),
  floor: giving('n-', INTEGER),
  ceil: giving('n-', INTEGER),
  round: builtIn('n- n?', ([first], asts) => given(first, asts.length > 1 ? NUMBER : INTEGER)),
  power: giving('n- n', NUMBER),
  sqrt: giving('n-', NON_NEGATIVE),
  formatNumber: giving('n- s o?', STRING),
  formatBase: giving('n- n?', STRING),
  formatInteger: giving('n- s', STRING),
  parseInteger: builtIn('s- s', ([first]) => given(first, { ...NUMBER, missing: true })),
  sum: builtIn('a<n>', ([list]) => given(list, list === undefined ? NUMBER : sumOf(list))),
  max: builtIn('a<n>', ([list]) => ofSome(list, list === undefined ? NUMBER : likeItems(list))),
  min: builtIn('a<n>', ([list]) => ofSome(list, list === undefined ? NUMBER : likeItems(list))),
  average: builtIn('a<n>', ([list]) => ofSome(list, NUMBER)),
  boolean: builtIn('x-', ([first]) => given(first, verdict(first, true))),
  not: builtIn('x-', ([first]) => given(first, verdict(first, false))),
};

function sumOf(list: Type): Type {
  const { item } = spread(list);
  const positive = !item.unknown && item.shapes.every((shape) => shape.kind === 'number' && shape.min >= 0);
  const [shape] = likeItems(list).shapes;
  return shape?.kind === 'number' ? of({ ...shape, min: positive ? 0 : shape.min }) : NUMBER;
}

function verdict(type: Type | undefined, same: boolean): Type {
  const truth = type === undefined || type.missing ? undefined : truthOf(type);
  return truth === undefined ? BOOLEAN : literal(truth === same);
}

const isNumeric = (type: Type): boolean =>
  !type.unknown && type.shapes.every(({ kind }) => kind === 'number');
const isInteger = (type: Type): boolean =>
  !type.unknown && type.shapes.every((shape) => shape.kind === 'number' && shape.integer);
