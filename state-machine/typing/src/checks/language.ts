import type { State } from '../definition/machine';
import { itemsOf, type Node } from '../document/node';
import type { Report } from '../findings';

/** https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: fields that only one language has. */
const JSONPATH_ONLY = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'ItemsPath',
  'Result',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'MaxConcurrencyPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
  'ErrorPath',
  'CausePath',
  'Iterator',
];
const JSONATA_ONLY = ['Arguments', 'Output', 'Items'];
const RULE_JSONPATH_ONLY = ['Variable', 'And', 'Or', 'Not'];

export function checkLanguage(state: State, report: Report): void {
  const rules = [...listed(state, 'Choices'), ...listed(state, 'Catch')];
  const jsonata = state.language === 'JSONata';
  const foreign = jsonata ? JSONPATH_ONLY : JSONATA_ONLY;
  flag(state, state.node, foreign, report);
  for (const rule of rules) {
    flag(state, rule, jsonata ? [...RULE_JSONPATH_ONLY, 'ResultPath'] : ['Condition', 'Output'], report);
  }
  if (jsonata) flagPaths(state, state.node, report);
}

const listed = (state: State, name: string): readonly Node[] =>
  itemsOf(state.node.entries.find(({ key }) => key === name)?.value);

function flag(state: State, node: Node, foreign: readonly string[], report: Report): void {
  if (node.kind !== 'map') return;
  for (const { key, offset } of node.entries) {
    if (!foreign.includes(key)) continue;
    const other = state.language === 'JSONata' ? 'JSONPath' : 'JSONata';
    const message = `${key} belongs to ${other}, and the state speaks ${state.language}`;
    const mend =
      state.language === 'JSONata'
        ? 'use Arguments, Output, Assign, Items or Condition'
        : 'set QueryLanguage: JSONata';
    report({ check: 'language', offset, state: state.name, message, mend });
  }
}

/** `"key.$": "$.path"` inside a field is JSONPath too. */
function flagPaths(state: State, node: Node, report: Report): void {
  if (node.kind === 'list') for (const item of node.items) flagPaths(state, item, report);
  if (node.kind !== 'map') return;
  for (const { key, offset, value } of node.entries) {
    if (key === 'States' || key === 'Parameters' || key === 'ResultSelector') continue;
    if (!key.endsWith('.$')) {
      flagPaths(state, value, report);
      continue;
    }
    const message = `${key} is a JSONPath member, and the state speaks JSONata`;
    const mend = `write ${key.slice(0, -2)}: '{% ... %}'`;
    report({ check: 'language', offset, state: state.name, message, mend });
  }
}
