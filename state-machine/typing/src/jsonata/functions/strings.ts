import {
  arrayOf,
  BOOLEAN,
  constantOf,
  INTEGER,
  literal,
  NATURAL,
  NUMBER,
  object,
  STRING,
  UNKNOWN,
} from '../../types/type';
import { unwrap } from '../sequence';
import { builtIn, given, giving } from './signature';

/** One match: groups that took no part are left out, so their items are not typed. */
const MATCH = object({ match: STRING, index: NATURAL, groups: arrayOf(UNKNOWN) });

export const STRINGS = {
  string: builtIn('x- b?', ([first]) => {
    const constant = first === undefined ? undefined : constantOf(first);
    return given(first, typeof constant === 'string' ? literal(constant) : STRING);
  }),
  length: giving('s-', NATURAL),
  substring: giving('s- n n?', STRING),
  substringBefore: giving('s- s', STRING),
  substringAfter: giving('s- s', STRING),
  uppercase: giving('s-', STRING),
  lowercase: giving('s-', STRING),
  trim: giving('s-', STRING),
  pad: giving('s- n s?', STRING),
  contains: builtIn('s- sf', ([text, token]) => given(text, given(token, BOOLEAN))),
  split: giving('s- sf n?', arrayOf(STRING)),
  join: giving('a<s> s?', STRING),
  match: builtIn('s- f n?', ([text], asts, fromContext) => {
    const regex = asts[fromContext ? 0 : 1];
    // any function may be a matcher; of a regex we know what it gives
    return given(text, regex?.type === 'regex' ? unwrap({ item: MATCH, min: 0, max: Infinity }) : UNKNOWN);
  }),
  replace: giving('s- sf sf n?', STRING),
  base64encode: giving('s-', STRING),
  base64decode: giving('s-', STRING),
  encodeUrlComponent: giving('s-', STRING),
  encodeUrl: giving('s-', STRING),
  decodeUrlComponent: giving('s-', STRING),
  decodeUrl: giving('s-', STRING),
  now: builtIn('s? s?', () => STRING),
  millis: builtIn('', () => INTEGER),
  fromMillis: giving('n- s? s?', STRING),
  toMillis: builtIn('s- s?', ([text], asts) => {
    // with a picture of its own a text that does not fit it gives nothing
    return given(text, asts.length > 1 ? { ...NUMBER, missing: true } : INTEGER);
  }),
};
