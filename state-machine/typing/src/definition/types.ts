/**
 * The Amazon States Language with JSONata as TypeScript types, for tests and tools that read a definition.
 * https://states-language.net/spec.html
 */

/** A value in which texts of the form `{% ... %}` are expressions. */
export type Template =
  string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };
/** An expression, or the value itself. */
export type Expression<Value> = Value | `{%${string}%}`;

export interface Flow {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
export interface Machine extends Flow {
  readonly QueryLanguage?: 'JSONata' | 'JSONPath';
  readonly TimeoutSeconds?: number;
  readonly Version?: '1.0';
}

export type State =
  TaskState | PassState | ChoiceState | WaitState | ParallelState | MapState | SucceedState | FailState;
export type StateType = State['Type'];

interface Common {
  readonly Comment?: string;
  readonly QueryLanguage?: 'JSONata';
}
/** Exactly one of both. */
interface Following {
  readonly Next?: string;
  readonly End?: true;
}
interface Leaving {
  readonly Assign?: Readonly<Record<string, Template>>;
  readonly Output?: Template;
}
interface Handling {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}
export interface Catcher extends Leaving {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}
export interface ChoiceRule extends Leaving {
  readonly Condition: Expression<boolean>;
  readonly Next: string;
}

export interface TaskState extends Common, Following, Leaving, Handling {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Template;
  readonly TimeoutSeconds?: Expression<number>;
  readonly HeartbeatSeconds?: Expression<number>;
  readonly Credentials?: Template;
}
export interface PassState extends Common, Following, Leaving {
  readonly Type: 'Pass';
}
export interface ChoiceState extends Common, Leaving {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}
export interface WaitState extends Common, Following, Leaving {
  readonly Type: 'Wait';
  readonly Seconds?: Expression<number>;
  readonly Timestamp?: string;
}
export interface ParallelState extends Common, Following, Leaving, Handling {
  readonly Type: 'Parallel';
  readonly Arguments?: Template;
  readonly Branches: readonly Flow[];
}
export interface MapState extends Common, Following, Leaving, Handling {
  readonly Type: 'Map';
  readonly Items?: Template;
  readonly ItemSelector?: Template;
  readonly ItemProcessor: Flow & { readonly ProcessorConfig?: ProcessorConfig };
  readonly ItemReader?: Template;
  readonly ItemBatcher?: Template;
  readonly ResultWriter?: Template;
  readonly MaxConcurrency?: Expression<number>;
  readonly ToleratedFailureCount?: Expression<number>;
  readonly ToleratedFailurePercentage?: Expression<number>;
  readonly Label?: string;
}
export interface ProcessorConfig {
  readonly Mode?: 'INLINE' | 'DISTRIBUTED';
  readonly ExecutionType?: 'STANDARD' | 'EXPRESS';
}
export interface SucceedState extends Common {
  readonly Type: 'Succeed';
  readonly Output?: Template;
}
export interface FailState extends Common {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

type FieldName<S> = S extends unknown ? keyof S : never;
type FieldOf<S, Name extends PropertyKey> =
  S extends Readonly<Partial<Record<Name, infer Value>>> ? (Name extends keyof S ? Value : never) : never;
/** A state of any type, for readers that ask for a field first: each field that some type of state has. */
export type AnyState = { readonly Type: StateType } & {
  readonly [Name in Exclude<FieldName<State>, 'Type'>]?: FieldOf<State, Name>;
};
