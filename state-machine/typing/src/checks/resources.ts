import type { Contracts } from '../contracts';
import { field, fieldEntry, type State } from '../definition/machine';
import { hasPlaceholder, memberOf, type Node, resourceOf, textOf } from '../document/node';
import { expressionOf } from '../document/expression';
import type { Report } from '../findings';
import { integrationOf } from '../resources/integration';

interface Reference {
  /** Members of Arguments that lead to it. */
  readonly path: readonly string[];
  readonly noun: string;
  readonly type: string;
  /** The property that holds the name, if the argument is a name. */
  readonly property: string;
}

/** Arguments that name a resource of the stack, by service. */
const REFERENCES: Readonly<Record<string, readonly Reference[]>> = {
  lambda: [
    { path: ['FunctionName'], noun: 'function', type: 'AWS::Lambda::Function', property: 'FunctionName' },
  ],
  glue: [{ path: ['JobName'], noun: 'job', type: 'AWS::Glue::Job', property: 'Name' }],
  dynamodb: [{ path: ['TableName'], noun: 'table', type: 'AWS::DynamoDB::Table', property: 'TableName' }],
  sns: [{ path: ['TopicArn'], noun: 'topic', type: 'AWS::SNS::Topic', property: 'TopicName' }],
  sqs: [{ path: ['QueueUrl'], noun: 'queue', type: 'AWS::SQS::Queue', property: 'QueueName' }],
  athena: [
    { path: ['WorkGroup'], noun: 'work group', type: 'AWS::Athena::WorkGroup', property: 'Name' },
    {
      path: ['QueryExecutionContext', 'Database'],
      noun: 'database',
      type: 'AWS::Glue::Database',
      property: 'Name',
    },
  ],
};

/** `Resource` names an integration that exists, and its arguments resources that the packaged template has. */
export function checkResources(state: State, contracts: Contracts, report: Report): void {
  if (state.type !== 'Task') return;
  const entry = fieldEntry(state, 'Resource');
  if (entry === undefined) {
    const mend = 'name what it calls';
    report({
      check: 'integration',
      offset: state.offset,
      state: state.name,
      message: 'the Task has no Resource',
      mend,
    });
    return;
  }
  const text = textOf(entry.value);
  if (text === undefined || hasPlaceholder(text)) return;
  const integration = integrationOf(text);
  if (integration.refusal !== undefined) {
    report({ check: 'integration', offset: entry.value.offset, state: state.name, ...integration.refusal });
  }
  if (state.language === 'JSONPath') return;
  for (const reference of REFERENCES[integration.service] ?? []) {
    const node = reference.path.reduce<Node | undefined>(memberOf, field(state, 'Arguments'));
    if (node !== undefined) checkReference(state, node, reference, contracts, report);
  }
}

function checkReference(
  state: State,
  node: Node,
  reference: Reference,
  contracts: Contracts,
  report: Report,
): void {
  const { template } = contracts;
  if (template === undefined || expressionOf(node) !== undefined) return;
  const { noun, type, property } = reference;
  const id = resourceOf(node);
  const tell = (message: string, mend: string): void => {
    report({ check: 'resource', offset: node.offset, state: state.name, message, mend });
  };
  if (id !== undefined) {
    const found = template.typeOf(id);
    if (found === undefined) tell(`the template has no ${noun} ${id}`, 'correct the logical id');
    else if (found !== type && found !== 'Parameter')
      tell(`${id} is an ${found} and no ${noun}`, `name an ${type}`);
    return;
  }
  const name = textOf(node);
  const names = template.names(type, property);
  if (name === undefined || names.length === 0 || names.some((known) => fits(name, known))) return;
  // an ARN or a URL may lead to another account
  if (name.startsWith('arn:') || name.startsWith('https:')) return;
  tell(`the template has no ${noun} named ${name}`, `name one of ${names.join(', ')}`);
}

/** Placeholders stand for any text. */
function fits(name: string, known: string): boolean {
  const parts = name.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(known);
}
