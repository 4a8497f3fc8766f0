import type { Contracts } from '../contracts';
import { field, type State } from '../definition/machine';
import { entryOf, itemsOf, memberOf, type Node, numberOf, textOf } from '../document/node';
import type { Report } from '../findings';
import { raisedBy } from './raised';

/** Retriers and catchers: names that can come, in an order in which each gets its turn. */
export function checkErrors(state: State, contracts: Contracts, report: Report): void {
  const raised = raisedBy(state, contracts);
  for (const fieldName of ['Retry', 'Catch']) {
    const handlers = itemsOf(field(state, fieldName));
    for (const [place, handler] of handlers.entries()) {
      const names = itemsOf(memberOf(handler, 'ErrorEquals'));
      checkNames(state, names, raised, report);
      checkCatchAll(state, fieldName, names, place === handlers.length - 1, report);
      if (fieldName === 'Retry') checkRetrier(state, handler, names, contracts, report);
    }
  }
}

function checkNames(
  state: State,
  names: readonly Node[],
  raised: { has: (name: string) => boolean; list: readonly string[] },
  report: Report,
): void {
  for (const node of names) {
    const name = textOf(node);
    if (name === undefined || raised.has(name)) continue;
    const alike = raised.list.filter((known) => known.split('.')[0] === name.split('.')[0]).slice(0, 12);
    const mend =
      alike.length === 0
        ? 'correct the name, or declare that the task throws it'
        : `it can be ${alike.join(', ')}`;
    report({
      check: 'error-name',
      offset: node.offset,
      state: state.name,
      message: `nothing here raises ${name}`,
      mend,
    });
  }
}

function checkCatchAll(
  state: State,
  fieldName: string,
  names: readonly Node[],
  last: boolean,
  report: Report,
): void {
  const all = names.find((node) => textOf(node) === 'States.ALL');
  if (all === undefined) return;
  if (names.length > 1) {
    const message = 'States.ALL has to stand alone in ErrorEquals';
    report({
      check: 'catch-all',
      offset: all.offset,
      state: state.name,
      message,
      mend: 'leave the other names out',
    });
  }
  if (!last) {
    const message = `States.ALL has to be in the last entry of ${fieldName}`;
    report({
      check: 'catch-all',
      offset: all.offset,
      state: state.name,
      message,
      mend: 'move it to the end',
    });
  }
}

function checkRetrier(
  state: State,
  handler: Node,
  names: readonly Node[],
  contracts: Contracts,
  report: Report,
): void {
  for (const node of names) {
    const name = textOf(node);
    if (name === undefined || !contracts.terminal.has(name)) continue;
    const message = `${name} is terminal: another attempt fails alike`;
    report({
      check: 'retry-terminal',
      offset: node.offset,
      state: state.name,
      message,
      mend: 'catch it instead',
    });
  }
  const attempts = entryOf(handler, 'MaxAttempts');
  if (numberOf(attempts?.value) !== 0) return;
  const timing = ['IntervalSeconds', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'].flatMap(
    (key) => entryOf(handler, key) ?? [],
  );
  const [first] = timing;
  if (first === undefined) return;
  const message = `${first.key} has no effect: MaxAttempts 0 never tries again`;
  report({
    check: 'retry-never',
    offset: first.offset,
    state: state.name,
    message,
    mend: 'raise MaxAttempts, or leave it out',
  });
}
