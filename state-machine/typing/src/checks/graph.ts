import { edgesOf, field, type Flow, fieldEntry, type State } from '../definition/machine';
import { memberOf, textOf } from '../document/node';
import type { Report } from '../findings';

const TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Parallel', 'Map', 'Succeed', 'Fail'];

/** Names that lead nowhere, states that nothing leads to, states that lead nowhere, choices without a way out. */
export function checkGraph(flow: Flow, report: Report): void {
  const names = new Set(flow.states.map(({ name }) => name));
  if (names.size === 0) {
    const { offset } = memberOf(flow.node, 'States') ?? flow.node;
    report({ check: 'start', offset, message: 'there are no states', mend: 'add States' });
    return;
  }
  const start = textOf(flow.startAt?.value);
  if (flow.startAt === undefined || start === undefined) {
    report({
      check: 'start',
      offset: flow.node.offset,
      message: 'StartAt is missing',
      mend: 'name the first state',
    });
  } else if (!names.has(start)) {
    const mend = `name one of ${[...names].join(', ')}`;
    report({ check: 'next', offset: flow.startAt.value.offset, message: `there is no state ${start}`, mend });
  }
  for (const state of flow.states) {
    checkTargets(state, names, report);
    if (TYPES.includes(state.type)) checkEnd(state, report);
    else reportType(state, report);
  }
  if (start !== undefined && names.has(start)) checkReach(flow, start, report);
}

function reportType({ name, node, offset, type }: State, report: Report): void {
  report({
    check: 'type',
    offset: memberOf(node, 'Type')?.offset ?? offset,
    state: name,
    message: type === '' ? 'the state has no Type' : `there is no Type ${type}`,
    mend: `use one of ${TYPES.join(', ')}`,
  });
}

function checkTargets(state: State, names: ReadonlySet<string>, report: Report): void {
  for (const { to, entry } of edgesOf(state)) {
    if (names.has(to)) continue;
    const message = `there is no state ${to} in this part of the machine`;
    const mend = `name one of ${[...names].join(', ')}`;
    report({ check: 'next', offset: entry.value.offset, state: state.name, message, mend });
  }
}

function checkEnd(state: State, report: Report): void {
  const { name, offset, type } = state;
  if (type === 'Choice') {
    if (field(state, 'Default') !== undefined) return;
    const message = 'the Choice has no Default, and fails if no rule matches';
    report({ check: 'default', offset, state: name, message, mend: 'add Default' });
    return;
  }
  if (type === 'Succeed' || type === 'Fail') return;
  const [next, end] = [field(state, 'Next'), fieldEntry(state, 'End')];
  if (next === undefined && end === undefined) {
    report({
      check: 'dead-end',
      offset,
      state: name,
      message: 'nothing follows',
      mend: 'add Next, or End: true',
    });
  } else if (next !== undefined && end !== undefined) {
    const message = 'both Next and End are given';
    report({ check: 'dead-end', offset: end.offset, state: name, message, mend: 'leave one out' });
  }
}

function checkReach(flow: Flow, start: string, report: Report): void {
  const byName = new Map(flow.states.map((state) => [state.name, state]));
  const reached = new Set([start]);
  for (const name of reached) {
    const state = byName.get(name);
    for (const { to } of state === undefined ? [] : edgesOf(state)) reached.add(to);
  }
  for (const { name, offset } of flow.states) {
    if (reached.has(name)) continue;
    report({
      check: 'unreachable',
      offset,
      state: name,
      message: 'nothing leads here',
      mend: 'lead to it, or remove it',
    });
  }
}
