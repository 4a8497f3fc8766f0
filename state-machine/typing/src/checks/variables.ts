import { edgesOf, field, type Flow, type State } from '../definition/machine';
import { expressionOf } from '../document/expression';
import { itemsOf, memberOf, type Node } from '../document/node';
import type { Report } from '../findings';
import type { Ast } from '../jsonata/ast';

/**
 * `Output` and `Assign` are evaluated with the variables as they were before the state, so an expression that reads
 * what another member of the same `Assign` sets gets the old value. A variable computed from itself is meant so.
 */
export function checkOwnAssignment(state: State, report: Report): void {
  if (state.language !== 'JSONata') return;
  const places = [state.node, ...itemsOf(field(state, 'Choices')), ...itemsOf(field(state, 'Catch'))];
  for (const node of places) {
    const assign = memberOf(node, 'Assign');
    if (assign?.kind !== 'map') continue;
    const set = new Set(assign.entries.map(({ key }) => key));
    const output = memberOf(node, 'Output');
    if (output !== undefined) flag(state, output, 'Output', set, report);
    for (const { key, value } of assign.entries) {
      flag(state, value, 'Assign', new Set([...set].filter((name) => name !== key)), report);
    }
  }
}

function flag(state: State, node: Node, fieldName: string, set: ReadonlySet<string>, report: Report): void {
  const expression = expressionOf(node);
  for (const variable of expression?.ast === undefined ? [] : variablesIn(expression.ast)) {
    if (!set.has(variable.name)) continue;
    report({
      check: 'own-assignment',
      offset: expression?.at(variable.start) ?? node.offset,
      state: state.name,
      expression: expression?.text,
      message: `${fieldName} reads $${variable.name}, which the same state sets: it gets the value from before`,
      mend: 'repeat the expression that is assigned, or read it in the next state',
    });
  }
  if (node.kind === 'list') for (const item of node.items) flag(state, item, fieldName, set, report);
  if (node.kind === 'map') for (const { value } of node.entries) flag(state, value, fieldName, set, report);
}

/** Every variable that the expression reads, each time it does. */
export function variablesIn(ast: Ast): { name: string; start: number }[] {
  const found: { name: string; start: number }[] = [];
  JSON.stringify(ast, (_, value: unknown) => {
    if (isVariable(value)) found.push(value);
    return value;
  });
  return found;
}

function isVariable(value: unknown): value is { name: string; start: number } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'variable';
}

/** Step Functions refuses a variable in a branch or an iteration that the flow around it has too. */
export function checkScopes(flow: Flow, outer: ReadonlySet<string>, report: Report): void {
  const own = new Set(outer);
  for (const { key } of flow.states.flatMap(assignedBy)) own.add(key);
  for (const state of flow.states) {
    for (const { key, offset } of assignedBy(state)) {
      if (!outer.has(key)) continue;
      const message = `$${key} belongs to the flow around this one`;
      report({
        check: 'scope',
        offset,
        state: state.name,
        message,
        mend: 'give the inner variable another name',
      });
    }
    for (const inner of state.flows) checkScopes(inner, own, report);
  }
}

function assignedBy(state: State): readonly { key: string; offset: number }[] {
  const nodes = [state.node, ...edgesOf(state).flatMap(({ rule }) => rule ?? [])];
  return nodes.flatMap((node) => {
    const assign = memberOf(node, 'Assign');
    return assign?.kind === 'map' ? assign.entries : [];
  });
}
