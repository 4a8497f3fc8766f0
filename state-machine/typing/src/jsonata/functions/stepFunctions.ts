import { arrayOf, INTEGER, NUMBER, of, STRING, UNKNOWN } from '../../types/type';
import { spread } from '../sequence';
import type { BuiltIn } from './table';
import { builtIn, given } from './signature';

const UNIT = of({ kind: 'number', integer: false, min: 0, max: 1 });

/**
 * What Step Functions adds to JSONata, and `$eval`, which it takes away.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
 */
export const STEP_FUNCTIONS = {
  partition: builtIn('a n', ([list]) => {
    if (list === undefined || list.unknown) return UNKNOWN;
    const { item } = spread({ ...list, missing: false });
    return given(list, arrayOf(arrayOf(item, 1)));
  }),
  range: builtIn('n n n', (args) => {
    const integers = args.every(({ shapes }) =>
      shapes.every((shape) => shape.kind === 'number' && shape.integer),
    );
    return arrayOf(integers ? INTEGER : NUMBER);
  }),
  hash: builtIn('s s', ([text]) => given(text, STRING)),
  random: builtIn('n?', () => UNIT),
  uuid: builtIn('', () => STRING),
  parse: builtIn('s', () => UNKNOWN),
  eval: {
    ...builtIn('s x?', () => UNKNOWN),
    unsupported: 'Step Functions does not evaluate text',
  } satisfies BuiltIn,
};
