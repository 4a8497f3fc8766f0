import type { Contracts, FunctionContract } from '../contracts';
import { memberOf, type Node, resourceOf, textOf } from '../document/node';
import { field, type State } from '../definition/machine';
import { type Integration, integrationOf } from '../resources/integration';
import { fromSchema } from '../types/fromSchema';
import { object, optional, STRING, type Type, UNKNOWN } from '../types/type';

/** What a Task calls, by its `Resource` and, for Lambda, the function it names. */
export interface Call {
  readonly integration: Integration | undefined;
  readonly arguments: Type;
  readonly result: Type;
  /** The function's contract, if it is a function that has one. */
  readonly called: FunctionContract | undefined;
}

const UNKNOWN_CALL: Call = { integration: undefined, arguments: UNKNOWN, result: UNKNOWN, called: undefined };

export function callOfTask(state: State, contracts: Contracts): Call {
  const resource = field(state, 'Resource');
  const text = textOf(resource);
  if (text === undefined) return direct(resource, contracts, undefined);
  const integration = integrationOf(text);
  if (integration.kind === 'lambda') return direct(resource, contracts, integration);
  if (integration.service !== 'lambda') {
    return { integration, arguments: integration.arguments, result: integration.result, called: undefined };
  }
  const called = functionOf(memberOf(field(state, 'Arguments'), 'FunctionName'), contracts);
  const event = called?.event ?? UNKNOWN;
  return {
    integration,
    arguments: invocation(event),
    result: integration.pattern === '' ? response(called?.result ?? UNKNOWN) : UNKNOWN,
    called,
  };
}

/** `Resource` is the function's ARN: it gets the arguments as they are. */
function direct(
  resource: Node | undefined,
  contracts: Contracts,
  integration: Integration | undefined,
): Call {
  const called = functionOf(resource, contracts);
  if (called === undefined) return { ...UNKNOWN_CALL, integration };
  return { integration, arguments: called.event, result: called.result, called };
}

export function functionOf(node: Node | undefined, contracts: Contracts): FunctionContract | undefined {
  const id = resourceOf(node) ?? textOf(node);
  if (id === undefined) return undefined;
  return contracts.functions.get(id) ?? contracts.functions.get(nameInArn(id));
}

/** `arn:aws:lambda:region:account:function:name:qualifier`, and `${Id.Arn}` as templates write it. */
function nameInArn(text: string): string {
  const placeholder = /^\$\{(\w+)(?:\.Arn)?\}$/.exec(text);
  return placeholder?.[1] ?? text.split(':')[6] ?? text;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
function invocation(event: Type): Type {
  return object({
    FunctionName: STRING,
    Payload: optional(event),
    InvocationType: optional(fromSchema({ enum: ['Event', 'RequestResponse', 'DryRun'] }, () => undefined)),
    LogType: optional(STRING),
    ClientContext: optional(STRING),
    Qualifier: optional(STRING),
  });
}

function response(payload: Type): Type {
  return object({
    Payload: payload,
    ExecutedVersion: STRING,
    StatusCode: UNKNOWN,
    SdkHttpMetadata: UNKNOWN,
    SdkResponseMetadata: UNKNOWN,
  });
}
