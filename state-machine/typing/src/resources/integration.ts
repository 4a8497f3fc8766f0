import { fromSchema } from '../types/fromSchema';
import { type Type, UNKNOWN } from '../types/type';
import athena from './athena.json';
import dynamodb from './dynamodb.json';
import glue from './glue.json';
import s3 from './s3.json';
import sns from './sns.json';
import sqs from './sqs.json';
import optimised from './optimised.json';

/** What a `Resource` of a Task means. */
export interface Integration {
  readonly service: string;
  readonly action: string;
  readonly kind: 'optimised' | 'sdk' | 'lambda' | 'activity' | 'other';
  /** `''` request and response, `sync`, `sync:2`, `waitForTaskToken`. */
  readonly pattern: string;
  /** The schemas that ship with the package; unknown for other actions. */
  readonly arguments: Type;
  readonly result: Type;
  /** Error names that the service gives; `undefined` if they are not listed here. */
  readonly errors: readonly string[] | undefined;
  /** Why Step Functions has no such integration. */
  readonly refusal: { readonly message: string; readonly mend: string } | undefined;
}

interface Action {
  readonly arguments: unknown;
  readonly result: unknown;
  readonly sync?: unknown;
}
interface Service {
  readonly errors: readonly string[];
  readonly $defs?: unknown;
  readonly actions: Readonly<Record<string, Action>>;
}
const SERVICES: Readonly<Record<string, Service>> = { athena, dynamodb, glue, s3, sns, sqs };
const OPTIMISED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = optimised;

const PLAIN = { arguments: UNKNOWN, result: UNKNOWN, errors: undefined, refusal: undefined };

export function integrationOf(resource: string): Integration {
  const parts = resource.split(':');
  const [, , service = '', , , ...rest] = parts;
  if (service === 'lambda') return { ...PLAIN, service, action: 'invoke', kind: 'lambda', pattern: '' };
  if (service !== 'states' || rest.length === 0)
    return { ...PLAIN, service, action: '', kind: 'other', pattern: '' };
  if (rest[0] === 'activity') return { ...PLAIN, service, action: '', kind: 'activity', pattern: '' };
  const [call = '', ...pattern] = rest.join(':').split('.');
  const names = call.split(':');
  const kind = names[0] === 'aws-sdk' ? 'sdk' : 'optimised';
  const [name = '', action = ''] = kind === 'sdk' ? names.slice(1) : names;
  return described(kind, name, action, pattern.join('.'));
}

function described(kind: 'optimised' | 'sdk', service: string, action: string, pattern: string): Integration {
  const patterns = kind === 'sdk' ? ['', 'waitForTaskToken'] : OPTIMISED[service]?.[action];
  const shipped = SERVICES[service];
  const schemas = shipped?.actions[action];
  const read = (schema: unknown): Type => fromSchema(schema, (reference) => definition(shipped, reference));
  const sdk = kind === 'sdk' && service !== 's3';
  return {
    service,
    action,
    kind,
    pattern,
    arguments: schemas === undefined ? UNKNOWN : read(schemas.arguments),
    result:
      schemas === undefined || pattern === 'waitForTaskToken'
        ? UNKNOWN
        : read(pattern.startsWith('sync') ? (schemas.sync ?? true) : schemas.result),
    // the SDK integrations write the service's name differently (`DynamoDb.`)
    errors: schemas === undefined || sdk ? undefined : shipped?.errors,
    refusal: refusalOf(kind, service, action, pattern, patterns),
  };
}

function definition(
  service: Service | undefined,
  reference: string,
): { schema: unknown; base: string } | undefined {
  const definitions: unknown = service?.$defs;
  const name = reference.replace('#/$defs/', '');
  if (typeof definitions !== 'object' || definitions === null) return undefined;
  const schema: unknown = Object.entries(definitions).find(([key]) => key === name)?.[1];
  return { schema, base: '' };
}

function refusalOf(
  kind: string,
  service: string,
  action: string,
  pattern: string,
  patterns: readonly string[] | undefined,
): Integration['refusal'] {
  if (patterns === undefined) {
    const others = Object.keys(OPTIMISED[service] ?? {}).join(', ');
    return {
      message: `Step Functions has no optimised integration ${service}:${action}`,
      mend:
        others === ''
          ? `use aws-sdk:${service}:${action}`
          : `use one of ${others}, or aws-sdk:${service}:${action}`,
    };
  }
  if (patterns.includes(pattern)) return undefined;
  const known = patterns.map((each) => (each === '' ? 'no suffix' : `.${each}`)).join(' or ');
  return {
    message: `${kind === 'sdk' ? 'aws-sdk:' : ''}${service}:${action} has no pattern .${pattern}`,
    mend: `use ${known}`,
  };
}
