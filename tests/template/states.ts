/** The state machine of a packaged template, taken apart. */
import type * as language from '../../state-machine/typing/src/definition/types';
import { type Package, resource } from './packaging';

/** Retriers of this machine state their whole timing. */
export type Retrier = Required<Omit<language.Retrier, 'JitterStrategy'>> & language.Retrier;

type Fields = Omit<language.AnyState, 'Arguments' | 'Retry' | 'Branches' | 'ItemProcessor'>;
/** A state as these tests read it: of its arguments the members that they look at. */
export interface State extends Fields {
  readonly Arguments?: { FunctionName?: string; Payload?: Record<string, unknown>; JobName?: string };
  readonly Retry?: readonly Retrier[];
  readonly Branches?: readonly Flow[];
  readonly ItemProcessor?: Flow;
}
export interface Flow extends Omit<language.Flow, 'States'> {
  readonly States: Readonly<Record<string, State>>;
}
export type Machine = Flow & Omit<language.Machine, 'States'>;

/**
 * The definition, with `${LogicalId}` and `${LogicalId.Attribute}` for what CloudFormation fills in; the version of a
 * function, whose logical id is a hash, as `${FunctionLogicalId.Version}`.
 */
export function machineOf({ template }: Package): Machine {
  const definition = resource(template, 'IngestStateMachine').Properties['DefinitionString'] as {
    'Fn::Sub': [string, Record<string, { Ref?: string; 'Fn::GetAtt'?: string[] }>];
  };
  const [text, values] = definition['Fn::Sub'];
  const nameOf = (id: string): string => {
    const { Type, Properties } = template.Resources[id] ?? {};
    if (Type !== 'AWS::Lambda::Version') return id;
    return `${(Properties?.['FunctionName'] as { Ref: string }).Ref}.Version`;
  };
  const named = Object.entries(values).reduce((result, [token, value]) => {
    const name = value.Ref === undefined ? value['Fn::GetAtt']?.join('.') : nameOf(value.Ref);
    return result.replaceAll(`\${${token}}`, `\${${name ?? token}}`);
  }, text);
  return JSON.parse(named) as Machine;
}

const inner = (state: State): Flow[] => [
  ...(state.Branches ?? []),
  ...(state.ItemProcessor ? [state.ItemProcessor] : []),
];

/** The machine itself, every branch and every iterator. */
export const flowsOf = (flow: Flow): Flow[] => [
  flow,
  ...Object.values(flow.States).flatMap((state) => inner(state).flatMap(flowsOf)),
];

export const statesOf = (flow: Flow): [name: string, state: State][] =>
  flowsOf(flow).flatMap(({ States }) => Object.entries(States));

export const targetsOf = (state: State): string[] =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map(({ Next }) => Next),
    ...(state.Catch ?? []).map(({ Next }) => Next),
  ].filter((name) => name !== undefined);

/** Names of the variables that a value's expressions read. */
export const variablesIn = (value: unknown): Set<string> =>
  new Set([...JSON.stringify([value]).matchAll(/\$([a-zA-Z]\w*)(?!\w*\()/g)].map(([, name]) => String(name)));

/** Seconds that a retrier waits in all, without jitter. */
export function patience({ IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts }: Retrier): number {
  let total = 0;
  for (let attempt = 0; attempt < MaxAttempts; attempt += 1) {
    total += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds);
  }
  return total;
}
