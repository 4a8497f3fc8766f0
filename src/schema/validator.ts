import Ajv2020, { type ErrorObject, type Options } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import certificate from '../../schemas/documents/certificate.schema.json';
import erasedObjects from '../../schemas/documents/erasedObjects.schema.json';
import batch from '../../schemas/states/batch.schema.json';
import lease from '../../schemas/states/lease.schema.json';
import maintainedTable from '../../schemas/states/maintainedTable.schema.json';
import outcome from '../../schemas/states/outcome.schema.json';
import rows from '../../schemas/states/rows.schema.json';
import workers from '../../schemas/states/workers.schema.json';

const ajv = create({});
const coercingAjv = create({ coerceTypes: true });

function create(options: Options): Ajv2020 {
  const instance = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, ...options });
  addFormats(instance, ['date', 'date-time']);
  // the schemas that others refer to
  instance.addSchema([batch, certificate, erasedObjects, lease, maintainedTable, outcome, rows, workers]);
  return instance;
}

/** Says what is wrong with a value: the value as `T`, or every problem as a sentence. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problems: string[] };

/** Compiles a JSON Schema (2020-12) into a check that narrows `unknown`; nothing is coerced. */
export function checker<T>(schema: object): (value: unknown) => Checked<T> {
  return check<T>(ajv, schema);
}

/** The same for values that are text only, such as an environment: `"20"` becomes 20 where a number is asked for. */
export function coercingChecker<T>(schema: object): (value: unknown) => Checked<T> {
  return check<T>(coercingAjv, schema);
}

function check<T>(instance: Ajv2020, schema: object): (value: unknown) => Checked<T> {
  const validate = instance.compile<T>(schema);
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
