import type { StateTypes } from './flow/analysis';
import { describe } from './types/describe';
import { toSchema } from './types/toSchema';
import type { Type } from './types/type';

/** Input, variables, result and output of every state, for people. */
export function typesAsText(types: readonly StateTypes[]): string {
  return types.map(stateAsText).join('\n\n');
}

function stateAsText({ state, input, variables, result, output, ways }: StateTypes): string {
  const lines = [`${state.name} (${state.type})`, `  input    ${describe(input)}`];
  for (const [name, type] of variables) lines.push(`  $${name}    ${variable(type)}`);
  if (result !== undefined) lines.push(`  result   ${describe(result)}`);
  if (output !== undefined) lines.push(`  output   ${describe(output)}`);
  for (const { edge, type } of ways) {
    if (edge.kind !== 'next') lines.push(`  ${edge.kind} -> ${edge.to}    ${describe(type)}`);
  }
  return lines.join('\n');
}

const variable = (type: Type): string =>
  type.missing && !type.unknown
    ? `${describe({ ...type, missing: false })} (not on every way)`
    : describe(type);

/** The same as JSON Schemas, by state. */
export function typesAsJson(types: readonly StateTypes[]): object {
  const schemas = types.map(({ state, input, variables, result, output, ways }) => {
    const schema = {
      type: state.type,
      input: toSchema(input),
      variables: Object.fromEntries([...variables].map(([name, type]) => [name, toSchema(type)])),
      ...(result === undefined ? {} : { result: toSchema(result) }),
      ...(output === undefined ? {} : { output: toSchema(output) }),
      ways: ways.map(({ edge, type }) => ({ kind: edge.kind, to: edge.to, input: toSchema(type) })),
    };
    return [state.name, schema] as const;
  });
  return Object.fromEntries<object>(schemas);
}
