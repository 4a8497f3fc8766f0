import type { Contracts } from '../contracts';
import { field, type State } from '../definition/machine';
import { expressionOf } from '../document/expression';
import { textOf } from '../document/node';
import { callOfTask } from '../flow/task';
import { LAMBDA_ERRORS, reservedErrors } from '../resources/errors';

/** The error names that can leave a state. */
export interface Raised {
  readonly has: (name: string) => boolean;
  readonly list: readonly string[];
}

export function raisedBy(state: State, contracts: Contracts): Raised {
  const { names, open } = collect(state, contracts);
  // where a task may throw anything, only the reserved names are a closed list
  return {
    has: (name) => names.has(name) || (open && !name.startsWith('States.')),
    list: [...names],
  };
}

function collect(state: State, contracts: Contracts): { names: Set<string>; open: boolean } {
  const reserved = reservedErrors(state.type, {
    heartbeat:
      field(state, 'HeartbeatSeconds') !== undefined || field(state, 'HeartbeatSecondsPath') !== undefined,
    reader: field(state, 'ItemReader') !== undefined,
    writer: field(state, 'ResultWriter') !== undefined,
    jsonPath: state.language === 'JSONPath',
  });
  const names = new Set(reserved);
  if (state.type === 'Task') return taskErrors(state, contracts, names);
  if (state.type === 'Fail') return failErrors(state, names);
  let open = false;
  for (const inner of state.flows.flatMap(({ states }) => states)) {
    const raised = collect(inner, contracts);
    open ||= raised.open;
    for (const name of raised.names) names.add(name);
  }
  return { names, open };
}

function taskErrors(
  state: State,
  contracts: Contracts,
  names: Set<string>,
): { names: Set<string>; open: boolean } {
  const { called, integration } = callOfTask(state, contracts);
  const lambda = called !== undefined || integration?.service === 'lambda';
  for (const name of [
    ...(lambda ? LAMBDA_ERRORS : []),
    ...(called?.errors ?? []),
    ...(integration?.errors ?? []),
  ]) {
    names.add(name);
  }
  if (integration?.service === 'http') names.add('States.Http.Socket');
  // who answers with a task token names the error as it likes
  const answered = integration?.pattern === 'waitForTaskToken';
  return { names, open: answered || (lambda ? called === undefined : integration?.errors === undefined) };
}

function failErrors(state: State, names: Set<string>): { names: Set<string>; open: boolean } {
  const error = field(state, 'Error');
  const text = textOf(error);
  if (expressionOf(error) !== undefined || field(state, 'ErrorPath') !== undefined)
    return { names, open: true };
  if (text !== undefined) names.add(text);
  return { names, open: false };
}
