import Ajv2020, { type ErrorObject } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
addFormats(ajv, ['date', 'date-time']);

/** Says what is wrong with a value: the value as `T`, or every problem as a sentence. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problems: string[] };

/**
 * Compiles a JSON Schema (2020-12) into a check that narrows `unknown`. Numbers, booleans and null are never coerced.
 */
export function checker<T>(schema: object): (value: unknown) => Checked<T> {
  const validate = ajv.compile<T>(schema);
  return (value) =>
    validate(value) ? { ok: true, value } : { ok: false, problems: (validate.errors ?? []).map(describe) };
}

/** One ajv error as a sentence: where, what, and the name or values that would be right. */
function describe({ instancePath, message, params, keyword }: ErrorObject): string {
  const where = instancePath === '' ? 'the top level' : instancePath;
  const detail: unknown =
    keyword === 'additionalProperties'
      ? params['additionalProperty']
      : keyword === 'enum'
        ? params['allowedValues']
        : keyword === 'const'
          ? params['allowedValue']
          : undefined;
  return `${where} ${message ?? keyword}${detail === undefined ? '' : `: ${JSON.stringify(detail)}`}`;
}
